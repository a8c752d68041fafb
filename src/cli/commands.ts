import { startLuaWorker } from '../lua/index.ts';

/** A command: what the overview says of it, and what runs it. It answers with the exit code. */
export interface Command {
  readonly summary: string;
  readonly run: (args: readonly string[]) => Promise<number>;
}

/** Every command, in the order of the overview. */
export const commands: Readonly<Record<string, Command>> = {
  'integrations:lua': {
    summary: 'run a Lua program against the integrations and MCP servers',
    run: (args) => runLua('integrations:lua', args),
  },
  'mcp:lua': {
    summary: 'run a Lua program against MCP servers only',
    run: (args) => runLua('mcp:lua', args),
  },
  'local:start': {
    summary: 'serve the local WorkOS server over HTTP',
    run: async (args) => (await import('./commands/local-start.ts')).localStart(args),
  },
};

async function runLua(name: 'integrations:lua' | 'mcp:lua', args: readonly string[]): Promise<number> {
  const worker = startLuaWorker();
  const { lua } = await import('./commands/lua.ts');
  return lua(name, args, worker);
}
