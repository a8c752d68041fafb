import type { Command } from 'commander';
import type { StartedThread } from '../lua/index.ts';
import type { Failure } from '../support/errors.ts';

/** A command as its file in `commands/` gives it. */
export interface CommandDefinition {
  /**
   * Finds out what its options depend on, before `define`.
   * @param args what is on the command line
   */
  prepare?(args: readonly string[]): Promise<void>;
  /**
   * Its arguments, options and examples: what `--help` shows, what `docs/cli.md` is made of and what completion
   * offers. It starts nothing.
   * @param args what is on the command line, for a command whose options depend on it
   */
  define(args?: readonly string[]): Command;
  /**
   * The object that `--json` prints when the command ends before it has anything to show. Unless given it is
   * `{ success: false, error }`.
   * @param args what is on the command line
   */
  errorEnvelope?(error: Failure, args: readonly string[]): string;
  /** Runs it and answers with the exit code. */
  run(invocation: Invocation): Promise<number>;
}

/** A command line that was understood. */
export interface Invocation {
  /** The arguments that are no options. */
  readonly args: readonly string[];
  /** The parsed command: `command.opts<Options>()` are its options. */
  readonly command: Command;
  /** The Lua thread, started early for the commands whose name ends in `:lua`. */
  readonly thread: StartedThread | null;
}
