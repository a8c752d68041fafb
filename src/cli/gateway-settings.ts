import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { McpClient } from '../mcp/manage.ts';
import {
  changeSettings,
  findClient,
  mcpClients,
  settingsFileOf,
  settingsWith,
  thisMachine,
} from '../mcp/manage.ts';
import { KosmoError } from '../support/errors.ts';
import { productFolder } from '../support/installation.ts';

/** The options of `mcp:gateway:install` and `mcp:gateway:export`. */
interface Options {
  readonly project?: true;
  readonly file?: string;
  readonly name: string;
  readonly command?: string;
  readonly url?: string;
  readonly token?: true;
  readonly integrations?: string;
  readonly servers?: string;
  readonly write?: string;
  readonly account?: string;
  readonly local?: true;
  readonly classic?: true;
}

/** Adds what says how the gateway is started, and where that is written. */
export function withGatewayOptions(command: Command): Command {
  return command
    .argument('<client>', mcpClients.map(({ name }) => name).join(', '))
    .option('--project', 'its settings in this folder, not the user’s')
    .option('--file <file>', 'settings that are somewhere else')
    .option('--name <name>', 'what the client calls the gateway', 'kosmo')
    .option('--command <words>', 'what starts kosmo, where it is not this very program')
    .option('--url <url>', 'a gateway that runs already: mcp:serve --http')
    .option('--token', 'with --url: send the token that is in KOSMO_MCP_TOKEN')
    .option('--integrations <names>', 'as for mcp:serve')
    .option('--servers <names>', 'as for mcp:serve')
    .addOption(new Option('--write <what>', 'as for mcp:serve').choices(['deny', 'ask', 'allow']))
    .option('--account <name>', 'as for mcp:serve')
    .option('--local', 'as for mcp:serve')
    .option('--classic', 'as for mcp:serve');
}

/** A client's settings with the gateway among its servers. */
export interface GatewaySettings {
  readonly client: McpClient;
  readonly file: string;
  readonly name: string;
  /** Settings that have nothing but the gateway. */
  text(): Promise<string>;
  /** Puts it into the file, where everything else stays as it is. */
  write(): Promise<void>;
}

/**
 * What the command line says of a client's settings.
 * @throws KosmoError `usage`
 */
export async function gatewaySettings(client: string, command: Command): Promise<GatewaySettings> {
  const options = command.opts<Options>();
  if (options.token === true && options.url === undefined)
    throw new KosmoError('usage', '--token needs --url.', { hint: 'Add --url, or leave it out.' });
  const { launchOf } = await import('../mcp/gateway/client-entry.ts');
  const found = findClient(client);
  const machine = thisMachine(process.cwd(), process.env);
  const file =
    options.file === undefined
      ? settingsFileOf(found, options.project === true ? 'project' : 'user', machine)
      : resolve(options.file);
  const launch = launchOf({
    start:
      options.command === undefined
        ? [process.execPath, resolve(productFolder(), 'cli/main.cjs')]
        : words(options.command),
    options: serveOptions(options),
    home: process.env['KOSMO_HOME'] || null,
    url: options.url === undefined ? null : webAddress(options.url),
    token: options.token === true,
  });
  const { name } = options;
  if (!/^[A-Za-z0-9_-]+$/.test(name))
    throw new KosmoError('usage', `${name} cannot be the name of a server.`);
  return {
    client: found,
    file,
    name,
    text: () => settingsWith(found, null, file, machine, name, launch),
    write: () => changeSettings(found, file, machine, name, launch),
  };
}

function serveOptions({ integrations, servers, write, account, local, classic }: Options): string[] {
  return [
    ...(local === true ? ['--local'] : []),
    ...(account === undefined ? [] : ['--account', account]),
    ...(integrations === undefined ? [] : ['--integrations', integrations]),
    ...(servers === undefined ? [] : ['--servers', servers]),
    ...(write === undefined ? [] : [`--write=${write}`]),
    ...(classic === true ? ['--classic'] : []),
  ];
}

function words(text: string): string[] {
  const all = text.trim().split(/\s+/);
  if (all[0] === '' || all[0] === undefined) throw new KosmoError('usage', '--command is empty.');
  return all;
}

function webAddress(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new KosmoError('usage', `${text} is no http or https URL.`);
}
