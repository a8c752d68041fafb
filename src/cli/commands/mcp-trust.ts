import { Command } from 'commander';
import { describeLaunch, fingerprintOf } from '../../mcp/index.ts';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

/** `mcp:trust`: lets a project's server run, as what it is now. */
export const mcpTrust: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo mcp:trust')
    .summary('lets an MCP server that a project configures run')
    .argument('<name>', 'the server')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
It shows what would run. A server whose command changes must be trusted again.

Examples:
  kosmo mcp:trust github
`,
    );
}

async function run({ args: [name = ''], command }: Invocation): Promise<number> {
  const { mcp } = new Runtime({ command: 'mcp:trust' });
  const server = mcp.configured.servers.get(name);
  if (server === undefined) {
    throw new KosmoError('unknown_server', `No MCP server is called ${name}.`, {
      hint: 'kosmo mcp:list shows the servers.',
    });
  }
  await mcp.trust.trust(server);
  const trusted = {
    name,
    launch: describeLaunch(server.launch),
    fingerprint: fingerprintOf(server),
    file: server.file,
  };
  await writeOut(
    command.opts<{ json?: true }>().json === true
      ? `${stringifyJson(trusted)}\n`
      : `${name} of ${server.file} may run: ${trusted.launch}\nfingerprint ${trusted.fingerprint}\n`,
  );
  return 0;
}
