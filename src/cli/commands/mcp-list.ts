import { Command } from 'commander';
import { describeLaunch, fingerprintOf } from '../../mcp/index.ts';
import { Runtime } from '../../runtime/index.ts';
import { stringifyJson } from '../../support/json.ts';
import { columns } from '../columns.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut, writeWarnings } from '../output.ts';

/** `mcp:list`: the configured servers; none is started. */
export const mcpList: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo mcp:list')
    .summary('lists the configured MCP servers, and which may run')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Servers come from mcp.json in kosmo's home, and from .mcp.json, .vscode/mcp.json and
.cursor/mcp.json of the folder the command runs in. Of two with one name the first counts.

Examples:
  kosmo mcp:list
  kosmo mcp:list --json
`,
    );
}

async function run({ command }: Invocation): Promise<number> {
  const { mcp } = new Runtime({ command: 'mcp:list' });
  const { servers, shadowed, faults } = mcp.configured;
  const described = [...servers.values(), ...shadowed].map((server) => ({
    name: server.name,
    transport: server.launch.kind,
    launch: describeLaunch(server.launch),
    state: shadowed.includes(server) ? 'shadowed' : mcp.trust.standing(server),
    scope: server.scope,
    file: server.file,
    fingerprint: fingerprintOf(server),
  }));
  if (command.opts<{ json?: true }>().json === true) {
    await writeOut(`${stringifyJson({ servers: described, faults })}\n`);
    return 0;
  }
  if (described.length === 0) await writeOut('No MCP server is configured. kosmo mcp:add adds one.\n');
  else await writeOut(columns(described.map(({ name, state, launch, file }) => [name, state, file, launch])));
  writeWarnings(faults.map(({ message }) => message));
  return 0;
}
