import type { Tool } from '@modelcontextprotocol/server';
import type { GatewayOptions, Writes } from './contract.ts';

/** How much room the names of what is installed take in a description, in characters. */
const roomForNames = 160;

/**
 * The gateway's tools. Every word of them is in the context of every conversation, so that they say what an agent needs
 * to begin, and the pages say the rest.
 */
export function toolsOf(options: GatewayOptions): Tool[] {
  return [
    {
      name: 'lua_list_docs',
      description: 'Lists the documentation pages.',
      inputSchema: { type: 'object' },
      annotations: { readOnlyHint: true },
    },
    {
      name: 'lua_search_docs',
      description: 'Finds functions and pages by what they do, with their arguments.',
      inputSchema: {
        type: 'object',
        properties: {
          query: { type: 'string', description: 'plain words: invite user' },
          limit: { type: 'integer', minimum: 1, maximum: 50 },
        },
        required: ['query'],
      },
      annotations: { readOnlyHint: true },
    },
    {
      name: 'lua_read_doc',
      description: 'Reads a page: arguments, result and examples of a function.',
      inputSchema: {
        type: 'object',
        properties: {
          page: { type: 'string' },
          tokens: { type: 'integer', description: 'how long it may be' },
        },
        required: ['page'],
      },
      annotations: { readOnlyHint: true },
    },
    {
      name: 'execute_lua',
      description: executeDescription(options),
      inputSchema: {
        type: 'object',
        properties: {
          code: { type: 'string', description: 'the program; print and return what you need of the data' },
          dry_run: { type: 'boolean', description: 'send no writes, list what they would send' },
          resume: { type: 'string', description: 'instead of code: the id of a run that waits for approval' },
        },
      },
      annotations: {
        readOnlyHint: options.writes === 'deny',
        destructiveHint: options.writes !== 'deny',
      },
    },
  ];
}

const ofWrites: Readonly<Record<Writes, string>> = {
  deny: 'Nothing may be changed here: writes are refused.',
  ask: 'A person approves each write first.',
  allow: 'Writes are sent at once.',
};

function executeDescription({ integrations, servers, writes }: GatewayOptions): string {
  return `Runs a Lua 5.4 program in a sandbox. One program can list, filter, join and write, so that only what it prints or returns comes back.
app.integrations.NAME.FUNCTION{ arg = value } calls an API${named(integrations)}; app.mcp.SERVER.TOOL{ … } an MCP tool${named(servers)}. Look functions up first.
Also: for item in paginate(fn, args); parallel.map(list, fn); json, regex; pcall catches error tables (code, message, status); results.read(handle, path) reads what was cut.
${ofWrites[writes]}`;
}

/** The first names, as many as there is room for. */
function named(names: readonly string[]): string {
  if (names.length === 0) return '';
  const shown: string[] = [];
  let length = 0;
  for (const name of names) {
    length += name.length + 2;
    if (length > roomForNames) break;
    shown.push(name);
  }
  const rest = names.length - shown.length;
  return ` (${shown.join(', ')}${rest === 0 ? '' : `${shown.length === 0 ? '' : ', '}${rest} more`})`;
}
