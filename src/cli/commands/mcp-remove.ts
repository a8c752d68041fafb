import { Command } from 'commander';
import { removeServer } from '../../mcp/manage.ts';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

/** `mcp:remove`: takes a server out of the user's own file. */
export const mcpRemove: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo mcp:remove')
    .summary('removes an MCP server that was added')
    .argument('<name>', 'the server')
    .addHelpText('after', '\nExamples:\n  kosmo mcp:remove memory\n');
}

async function run({ args: [name = ''] }: Invocation): Promise<number> {
  const { state, mcp } = new Runtime({ command: 'mcp:remove' });
  if (!(await removeServer(state.home, name))) {
    const elsewhere = mcp.configured.servers.get(name);
    throw new KosmoError(
      'unknown_server',
      elsewhere === undefined
        ? `No MCP server is called ${name}.`
        : `${name} stands in ${elsewhere.file}, which belongs to the project: take it out there.`,
      { hint: 'kosmo mcp:list shows the servers.' },
    );
  }
  await writeOut(`Removed ${name}.\n`);
  return 0;
}
