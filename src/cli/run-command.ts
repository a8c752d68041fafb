import type { StartedThread } from '../lua/index.ts';
import type { CommandDefinition } from './command.ts';
import { parseCommandLine } from './parse.ts';

/** Parses a command's arguments and runs it; asked for help, it only shows that. Answers with the exit code. */
export async function runCommand(
  definition: CommandDefinition,
  args: readonly string[],
  thread: StartedThread | null,
): Promise<number> {
  await definition.prepare?.(args);
  const command = definition.define(args);
  const given = await parseCommandLine(command, args);
  return given === null ? 0 : definition.run({ args: given, command, thread });
}
