const { existsSync, readFileSync, writeFileSync, writeSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

/**
 * The most memory that this process has held, in kilobytes. Linux has it in a file; `maxRSS` is not it there, because a
 * process inherits that of whoever started it.
 */
function peakMemory() {
  const status = '/proc/self/status';
  const own = existsSync(status) ? /^VmHWM:\s+(\d+)/m.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
  return own === undefined ? process.resourceUsage().maxRSS : Number(own);
}

// Loaded before a program (`node --require`), it tells when the process ends: in a file, or in a line of its output.
const file = process.env['PEAK_MEMORY_FILE'];
if (isMainThread) {
  process.on('exit', () => {
    if (file !== undefined) writeFileSync(file, String(peakMemory()));
    else writeSync(1, `\npeak memory ${peakMemory()} KiB\n`);
  });
}
