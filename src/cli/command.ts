import type { Command } from 'commander';
import type { LuaWorker } from '../lua/index.ts';

/** A command as its file in `commands/` gives it. */
export interface CommandDefinition {
  /**
   * Its arguments, options and examples: what `--help` shows, what `docs/cli.md` is made of and what completion
   * offers. Called once per use; it reads nothing and starts nothing.
   */
  define(): Command;
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
  readonly worker: LuaWorker | null;
}
