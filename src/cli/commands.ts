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
  'integrations:add': entry(
    'add an API by its OpenAPI document',
    async () => (await import('./commands/integrations-add.ts')).integrationsAdd,
  ),
  'integrations:sync': entry(
    'take the newer document of an integration, and show what changed',
    async () => (await import('./commands/integrations-sync.ts')).integrationsSync,
  ),
  'integrations:rollback': entry(
    'take the former document of an integration back',
    async () => (await import('./commands/integrations-rollback.ts')).integrationsRollback,
  ),
  'integrations:remove': entry(
    'remove an integration that was added',
    async () => (await import('./commands/integrations-remove.ts')).integrationsRemove,
  ),
  'integrations:presets': entry(
    'list APIs that can be added by name alone',
    async () => (await import('./commands/integrations-presets.ts')).integrationsPresets,
  ),
  'docs:site': entry(
    'write the documentation as a site that needs no server',
    async () => (await import('./commands/docs-site.ts')).docsSite,
  ),
  'docs:serve': entry(
    'show the documentation in a browser, with examples that run',
    async () => (await import('./commands/docs-serve.ts')).docsServe,
  ),
  'docs:stubs': entry(
    'write annotations of every function for editors of Lua',
    async () => (await import('./commands/docs-stubs.ts')).docsStubs,
  ),
  'docs:schemas': entry(
    'write JSON Schemas of the settings and of MCP server files',
    async () => (await import('./commands/docs-schemas.ts')).docsSchemas,
  ),
  'mcp:lua': entry(
    'run a Lua program against MCP servers only',
    async () => (await import('./commands/lua.ts')).mcpLua,
  ),
  'mcp:list': entry(
    'list the configured MCP servers, and which may run',
    async () => (await import('./commands/mcp-list.ts')).mcpList,
  ),
  'mcp:add': entry(
    'add an MCP server: a command that runs it, or its URL',
    async () => (await import('./commands/mcp-add.ts')).mcpAdd,
  ),
  'mcp:remove': entry(
    'remove an MCP server that was added',
    async () => (await import('./commands/mcp-remove.ts')).mcpRemove,
  ),
  'mcp:trust': entry(
    'let an MCP server of a project run, and tools be called unasked',
    async () => (await import('./commands/mcp-trust.ts')).mcpTrust,
  ),
  'mcp:tools': entry(
    'list the tools of an MCP server, or show one',
    async () => (await import('./commands/mcp-tools.ts')).mcpTools,
  ),
  'mcp:status': entry(
    'reach the MCP servers, and show what each of them is',
    async () => (await import('./commands/mcp-status.ts')).mcpStatus,
  ),
  'mcp:enable': entry(
    'let a disabled MCP server run again',
    async () => (await import('./commands/mcp-enable.ts')).mcpEnable,
  ),
  'mcp:disable': entry(
    'keep an MCP server from running',
    async () => (await import('./commands/mcp-enable.ts')).mcpDisable,
  ),
  'mcp:schema': entry(
    'print the JSON Schemas of a tool',
    async () => (await import('./commands/mcp-schema.ts')).mcpSchema,
  ),
  'mcp:call': entry('call a tool of an MCP server', async () =>
    (await import('./commands/mcp-call.ts')).mcpCall(),
  ),
  'mcp:resources': entry(
    'list the resources of an MCP server',
    async () => (await import('./commands/mcp-resources.ts')).mcpResources,
  ),
  'mcp:resource': entry(
    'read a resource of an MCP server',
    async () => (await import('./commands/mcp-resources.ts')).mcpResource,
  ),
  'mcp:prompts': entry(
    'list the prompts of an MCP server',
    async () => (await import('./commands/mcp-prompts.ts')).mcpPrompts,
  ),
  'mcp:prompt': entry(
    'fill in a prompt of an MCP server',
    async () => (await import('./commands/mcp-prompts.ts')).mcpPrompt,
  ),
  'mcp:import': entry(
    'take over MCP servers from another client',
    async () => (await import('./commands/mcp-import.ts')).mcpImport,
  ),
  'mcp:export': entry(
    'write MCP servers into the settings of another client',
    async () => (await import('./commands/mcp-export.ts')).mcpExport,
  ),
  'mcp:secret:set': entry(
    'keep a secret for the configuration of MCP servers',
    async () => (await import('./commands/mcp-secret.ts')).mcpSecretSet,
  ),
  'mcp:secret:list': entry(
    'list the names of the secrets',
    async () => (await import('./commands/mcp-secret.ts')).mcpSecretList,
  ),
  'mcp:secret:remove': entry(
    'remove a secret',
    async () => (await import('./commands/mcp-secret.ts')).mcpSecretRemove,
  ),
  'mcp:login': entry(
    'sign in to an MCP server that wants it',
    async () => (await import('./commands/mcp-login.ts')).mcpLogin,
  ),
  'mcp:logout': entry(
    'forget the sign-in to an MCP server',
    async () => (await import('./commands/mcp-login.ts')).mcpLogout,
  ),
  'mcp:doctor': entry(
    'try the MCP servers, and say how to mend what is wrong',
    async () => (await import('./commands/mcp-doctor.ts')).mcpDoctor,
  ),
  'mcp:serve': entry(
    'serve everything to an agent as an MCP server with four tools',
    async () => (await import('./commands/mcp-serve.ts')).mcpServe,
  ),
  'integrations:status': entry(
    'show the accounts, where each value comes from, and their policies',
    async () => (await import('./commands/status.ts')).integrationsStatus,
  ),
  'integrations:doctor': entry(
    'try everything that a call needs, and say how to mend what is wrong',
    async () => (await import('./commands/doctor.ts')).integrationsDoctor,
  ),
  'integrations:fields': entry(
    'show what an account of an integration holds',
    async () => (await import('./commands/fields.ts')).integrationsFields,
  ),
  'integrations:configure': entry(
    'set credentials, settings and policy of an account',
    async () => (await import('./commands/configure.ts')).integrationsConfigure,
  ),
  'mcp:gateway:install': entry(
    'put kosmo among the MCP servers of a client, such as Claude Code',
    async () => (await import('./commands/gateway-install.ts')).gatewayInstall,
  ),
  'mcp:gateway:export': entry(
    'print the settings with which a client has kosmo as an MCP server',
    async () => (await import('./commands/gateway-install.ts')).gatewayExport,
  ),
  'approvals:list': entry(
    'list what agents ask a person to approve',
    async () => (await import('./commands/approvals-list.ts')).approvalsList,
  ),
  'approvals:approve': entry(
    'let the calls be sent that an agent waits to make',
    async () => (await import('./commands/approvals-decide.ts')).approvalsApprove,
  ),
  'approvals:deny': entry(
    'refuse the calls that an agent waits to make',
    async () => (await import('./commands/approvals-decide.ts')).approvalsDeny,
  ),
  'runs:list': entry(
    'list what has been run',
    async () => (await import('./commands/runs-list.ts')).runsList,
  ),
  'runs:show': entry(
    'show a run and its calls',
    async () => (await import('./commands/runs-show.ts')).runsShow,
  ),
  'local:start': entry(
    'serve the local WorkOS server over HTTP',
    async () => (await import('./commands/local-start.ts')).localStart,
  ),
  'local:status': entry(
    'tell what the local server holds and where it is served',
    async () => (await import('./commands/local-status.ts')).localStatus,
  ),
  'local:seed': entry(
    'load data into the local server from a file',
    async () => (await import('./commands/local-seed.ts')).localSeed,
  ),
  'local:export': entry(
    'write the whole state of the local server as JSON',
    async () => (await import('./commands/local-export.ts')).localExport,
  ),
  'local:reset': entry(
    'make the local server as it was at its first start',
    async () => (await import('./commands/local-reset.ts')).localReset,
  ),
  'local:snapshot': entry(
    'save the state of the local server, and restore it',
    async () => (await import('./commands/local-snapshot.ts')).localSnapshot,
  ),
  'local:environment': entry(
    'make, list and delete environments of the local server',
    async () => (await import('./commands/local-environment.ts')).localEnvironment,
  ),
  'local:inbox': entry(
    'show what WorkOS would have sent by e-mail',
    async () => (await import('./commands/local-inbox.ts')).localInbox,
  ),
  'local:clock': entry(
    'show or move the clock of the local server',
    async () => (await import('./commands/local-clock.ts')).localClock,
  ),
  'local:fault': entry(
    'make requests to the local server fail, wait or break',
    async () => (await import('./commands/local-fault.ts')).localFault,
  ),
  'local:dns': entry(
    'set the TXT records that domain verification finds',
    async () => (await import('./commands/local-dns.ts')).localDns,
  ),
  'local:settings': entry(
    'show or change how users sign in, as the dashboard does',
    async () => (await import('./commands/local-settings.ts')).localSettings,
  ),
  'local:impersonate': entry(
    'sign in to an application as one of its users',
    async () => (await import('./commands/local-impersonate.ts')).localImpersonate,
  ),
  'local:directory': entry(
    'bring the people of a CSV file into a directory',
    async () => (await import('./commands/local-directory.ts')).localDirectory,
  ),
  'local:webhooks': entry(
    'show what went to webhook endpoints, and send it again',
    async () => (await import('./commands/local-webhooks.ts')).localWebhooks,
  ),
};

function entry(summary: string, load: () => Promise<CommandDefinition>): CommandEntry {
  return { summary, load };
}

/** The command of that name, or the short form `integrations:NAME` or `mcp:NAME` of a call; null when there is none. */
export async function findCommand(name: string | undefined): Promise<CommandDefinition | null> {
  if (name === undefined) return null;
  if (Object.hasOwn(commands, name)) return (await commands[name]?.load()) ?? null;
  if (name.startsWith('mcp:')) {
    const { mcpShortForm } = await import('./commands/mcp-call.ts');
    return mcpShortForm(name.slice('mcp:'.length));
  }
  if (!name.startsWith('integrations:')) return null;
  const { shortForm } = await import('./commands/call.ts');
  return shortForm(name.slice('integrations:'.length));
}
