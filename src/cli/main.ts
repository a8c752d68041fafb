import { commands } from './commands.ts';
import { writeError } from './render-error.ts';

/**
 * The command line's door. A command's name decides which file is loaded; a command that runs Lua has its thread
 * started first, because that is what a run waits for.
 */
async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  const entry = name === undefined ? undefined : commands[name];
  if (entry === undefined) {
    const { runTopLevel } = await import('./top-level.ts');
    return runTopLevel(name, args);
  }
  return entry.run(args);
}

const argv = process.argv.slice(2);
try {
  process.exitCode = await main(argv);
} catch (error) {
  process.exitCode = await writeError(error, argv.includes('--json'));
}
