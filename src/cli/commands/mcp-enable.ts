import { Command } from 'commander';
import { describeLaunch, fingerprintOf } from '../../mcp/index.ts';
import { enableServer } from '../../mcp/manage.ts';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

/** `mcp:enable`: lets a disabled server run again; one of a project is trusted as what it is now. */
export const mcpEnable: CommandDefinition = { define: defineEnable, run: enable };

/** `mcp:disable`: keeps a server from running, without forgetting it. */
export const mcpDisable: CommandDefinition = { define: defineDisable, run: disable };

function defineEnable(): Command {
  return new Command('kosmo mcp:enable')
    .summary('lets a disabled MCP server run again')
    .argument('<name>', 'the server')
    .addHelpText('after', '\nExamples:\n  kosmo mcp:enable memory\n');
}

async function enable({ args: [name = ''] }: Invocation): Promise<number> {
  const { server, runtime } = serverNamed(name, 'mcp:enable');
  if (server.scope === 'user') {
    await enableServer(runtime.state.home, name, true);
    await writeOut(`${name} is enabled.\n`);
    return 0;
  }
  if (!server.enabled) {
    throw new KosmoError('not_configured', `${name} is disabled in ${server.file}, which is the project’s.`, {
      hint: 'Take "disabled" out there.',
      details: { server: name, file: server.file },
    });
  }
  await runtime.mcp.trust.trust(server);
  await writeOut(
    `${name} of ${server.file} may run: ${describeLaunch(server.launch)}\nfingerprint ${fingerprintOf(server)}\n`,
  );
  return 0;
}

function defineDisable(): Command {
  return new Command('kosmo mcp:disable')
    .summary('keeps an MCP server from running, without forgetting it')
    .argument('<name>', 'the server')
    .addHelpText('after', '\nExamples:\n  kosmo mcp:disable memory\n');
}

async function disable({ args: [name = ''] }: Invocation): Promise<number> {
  const { server, runtime } = serverNamed(name, 'mcp:disable');
  if (server.scope === 'user') await enableServer(runtime.state.home, name, false);
  else await runtime.mcp.trust.disable(server);
  await writeOut(`${name} is disabled.\n`);
  return 0;
}

function serverNamed(name: string, command: string) {
  const runtime = new Runtime({ command });
  const server = runtime.mcp.find(name);
  if ('code' in server) throw KosmoError.of(server);
  return { server, runtime };
}
