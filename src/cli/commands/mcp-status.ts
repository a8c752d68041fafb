import { Command } from 'commander';
import type { McpServers } from '../../mcp/index.ts';
import { reachServer, type ServerStatus } from '../../mcp/manage.ts';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';
import { Progress } from '../progress.ts';
import { plainText } from '../show/plain-text.ts';
import { textTable } from '../show/table.ts';

/** `mcp:status`: what each server is, found out by reaching it, all of them side by side. */
export const mcpStatus: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo mcp:status')
    .summary('reaches the MCP servers, side by side, and shows what each of them is')
    .argument('[server]', 'only this one')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Servers that may not run (disabled, not trusted) are listed and not started. Exit
code 1 when one that may run is not reached. kosmo mcp:list starts none.

Examples:
  kosmo mcp:status
  kosmo mcp:status memory --json
`,
    );
}

async function run({ args: [name], command }: Invocation): Promise<number> {
  const { json } = command.opts<{ json?: true }>();
  const runtime = new Runtime({ command: 'mcp:status' });
  const progress = new Progress('reaching servers');
  try {
    const statuses = await Promise.all(
      namesOf(runtime.mcp, name).map((server) => reachServer(runtime.mcp, server)),
    );
    progress.end();
    if (json === true) await writeOut(`${stringifyJson({ servers: statuses })}\n`);
    else if (statuses.length === 0) await writeOut('No MCP server is configured. kosmo mcp:add adds one.\n');
    else await writeOut(rendered(statuses));
    return statuses.some(({ state }) => state === 'unreachable') ? 1 : 0;
  } finally {
    progress.end();
    await runtime.release();
  }
}

function namesOf(mcp: McpServers, name: string | undefined): string[] {
  if (name === undefined) return [...mcp.configured.servers.keys()];
  const server = mcp.find(name);
  if ('code' in server) throw KosmoError.of(server);
  return [name];
}

function rendered(statuses: readonly ServerStatus[]): string {
  const lines = statuses.map(({ name, state, server, protocol, tools, duration_ms, error }) =>
    [
      name,
      state,
      server === null ? '' : `${server.name} ${server.version}`,
      protocol ?? '',
      tools === null ? '' : String(tools),
      duration_ms === null ? '' : `${duration_ms} ms`,
      error === null ? '' : error.message,
    ].map((cell) => plainText(cell, false)),
  );
  return textTable(
    ['NAME', 'STATE', 'SERVER', 'PROTOCOL', 'TOOLS', 'TIME', 'PROBLEM'],
    lines,
    process.stdout.columns ?? null,
  );
}
