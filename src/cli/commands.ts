import type { LuaWorker } from '../lua/index.ts';

/** Runs a command and answers with its exit code. The worker is there for the commands that run Lua. */
export type CommandRunner = (args: readonly string[], worker: LuaWorker | null) => Promise<number>;

/** A command: what the overview says of it, and what runs it. */
export interface Command {
  readonly summary: string;
  readonly run: CommandRunner;
}

/** Every command, in the order of the overview. Each loads only what it needs. */
export const commands: Readonly<Record<string, Command>> = {
  'integrations:lua': {
    summary: 'run a Lua program against the integrations and MCP servers',
    run: async (args, worker) => (await import('./commands/lua.ts')).lua('integrations:lua', args, worker),
  },
  'mcp:lua': {
    summary: 'run a Lua program against MCP servers only',
    run: async (args, worker) => (await import('./commands/lua.ts')).lua('mcp:lua', args, worker),
  },
  'local:start': {
    summary: 'serve the local WorkOS server over HTTP',
    run: async (args) => (await import('./commands/local-start.ts')).localStart(args),
  },
};

/** What runs the command of that name; null when there is no such command. */
export function findCommand(name: string | undefined): CommandRunner | null {
  if (name === undefined || !Object.hasOwn(commands, name)) return null;
  return commands[name]?.run ?? null;
}
