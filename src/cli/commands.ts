import type { CommandDefinition } from './command.ts';

/** A command's line in the table: what the overview says of it, and where its file is. */
export interface CommandEntry {
  readonly summary: string;
  /** Loads the command's file, and with it what the command needs. */
  load(): Promise<CommandDefinition>;
}

/** Every command, in the order of the overview: one line each, and each loads only what it needs. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  'integrations:lua': entry(
    'run a Lua program against the integrations and MCP servers',
    async () => (await import('./commands/lua.ts')).integrationsLua,
  ),
  'integrations:call': entry('call one function of an integration', async () =>
    (await import('./commands/call.ts')).integrationsCall(),
  ),
  'integrations:list': entry(
    'list the installed integrations',
    async () => (await import('./commands/list.ts')).integrationsList,
  ),
  'integrations:search': entry(
    'find functions by what they do',
    async () => (await import('./commands/search.ts')).integrationsSearch,
  ),
  'integrations:docs': entry(
    'show a page of the documentation',
    async () => (await import('./commands/docs.ts')).integrationsDocs,
  ),
  'integrations:schema': entry(
    'print the JSON Schemas of a function',
    async () => (await import('./commands/schema.ts')).integrationsSchema,
  ),
  'integrations:examples': entry(
    'show examples of an integration or a function',
    async () => (await import('./commands/examples.ts')).integrationsExamples,
  ),
  'integrations:types': entry(
    'print TypeScript declarations of an integration',
    async () => (await import('./commands/types.ts')).integrationsTypes,
  ),
  'mcp:lua': entry(
    'run a Lua program against MCP servers only',
    async () => (await import('./commands/lua.ts')).mcpLua,
  ),
  'integrations:status': entry(
    'show the accounts, where each value comes from, and their policies',
    async () => (await import('./commands/status.ts')).integrationsStatus,
  ),
  'integrations:fields': entry(
    'show what an account of an integration holds',
    async () => (await import('./commands/fields.ts')).integrationsFields,
  ),
  'integrations:configure': entry(
    'set credentials, settings and policy of an account',
    async () => (await import('./commands/configure.ts')).integrationsConfigure,
  ),
  'local:start': entry(
    'serve the local WorkOS server over HTTP',
    async () => (await import('./commands/local-start.ts')).localStart,
  ),
};

function entry(summary: string, load: () => Promise<CommandDefinition>): CommandEntry {
  return { summary, load };
}

/** The command of that name, or the short form `integrations:NAME` of a call; null when there is none. */
export async function findCommand(name: string | undefined): Promise<CommandDefinition | null> {
  if (name === undefined) return null;
  if (Object.hasOwn(commands, name)) return (await commands[name]?.load()) ?? null;
  if (!name.startsWith('integrations:')) return null;
  const { shortForm } = await import('./commands/call.ts');
  return shortForm(name.slice('integrations:'.length));
}
