// Not by the room's index, which would have to be loaded before the thread can start.
import { startThread } from '../lua/thread.ts';
import { loadCompiledCode } from '../support/compiled-code.ts';
import { productFolder } from '../support/installation.ts';
import type { CommandDefinition } from './command.ts';

/**
 * The command line's door. A command that runs Lua has its thread started before anything else is loaded, because that
 * thread is what a run waits for; then the command's name decides which file is loaded.
 */
const argv = process.argv.slice(2);

async function main(): Promise<number> {
  const [name, ...args] = argv;
  let definition: CommandDefinition | null = null;
  try {
    const folder = productFolder();
    const thread = name?.endsWith(':lua') === true ? startThread(folder) : null;
    loadCompiledCode(folder);
    const { findCommand } = await import('./commands.ts');
    definition = await findCommand(name);
    if (definition !== null) {
      const { runCommand } = await import('./run-command.ts');
      return await runCommand(definition, args, thread);
    }
    const { runTopLevel } = await import('./top-level.ts');
    return await runTopLevel(name, args);
  } catch (error) {
    const { writeError } = await import('./render-error.ts');
    return writeError(
      error,
      argv.includes('--json'),
      definition?.errorEnvelope === undefined
        ? undefined
        : (failure) => definition?.errorEnvelope?.(failure, args) ?? '',
    );
  }
}

// A command that waits for what never comes leaves nothing to keep the process alive: that must not look like success.
process.once('beforeExit', () => {
  process.stderr.write('error: kosmo ended before its work was done. This is a fault of kosmo.\n');
  process.exit(1);
});

// Everything has been written and given back by now; leaving spares the time it takes to wind down a thread.
void main().then((code) => process.exit(code));
