// Loaded before a program (`node --require`): prints the most memory the process ever held, when it ends.
const { writeSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

if (isMainThread) {
  process.on('exit', () => writeSync(1, `\npeak memory ${process.resourceUsage().maxRSS} KiB\n`));
}
