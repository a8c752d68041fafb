const { readFileSync, writeFileSync, writeSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

/**
 * The most memory that this process has held, in kilobytes. Linux has it in a file; `maxRSS` is not it there, because a
 * process inherits that of whoever started it.
 */
function peakMemory() {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

// Loaded before a program (`node --require`), it tells when the process ends: in a file, or in a line of its output.
const file = process.env['PEAK_MEMORY_FILE'];
if (isMainThread) {
  process.on('exit', () => {
    if (file !== undefined) writeFileSync(file, String(peakMemory()));
    else writeSync(1, `\npeak memory ${peakMemory()} KiB\n`);
  });
}
