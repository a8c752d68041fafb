import { Command, InvalidArgumentError, Option } from 'commander';
import { forbidsForce } from '../../accounts/index.ts';
import type { Gateway, GatewayOptions, Writes } from '../../mcp/gateway/index.ts';
import { withinVariable } from '../../mcp/within.ts';
import { normalizePattern } from '../../policy/index.ts';
import { Runtime, version } from '../../runtime/index.ts';
import { localAccountName } from '../../runtime/local-server.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

interface Options {
  readonly integrations?: readonly string[];
  readonly servers?: readonly string[];
  readonly readOnly?: true;
  readonly write: Writes;
  readonly account?: string;
  readonly local?: true;
  readonly classic?: true;
  readonly tools?: readonly string[];
  readonly http?: true;
  readonly port: number;
  readonly host: string;
  readonly token?: true;
  readonly allowHost?: readonly string[];
  readonly json?: true;
}

/** `mcp:serve`: kosmo as an MCP server, for agents. */
export const mcpServe: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo mcp:serve')
    .summary('serves everything to an agent as an MCP server with four tools')
    .option('--integrations <names>', 'only these integrations: workos,github; none', names)
    .option('--servers <names>', 'only these MCP servers: github,memory; none', names)
    .addOption(
      new Option('--write <what>', 'what happens to calls that change something')
        .choices(['deny', 'ask', 'allow'])
        .default('deny'),
    )
    .option('--read-only', 'the same as --write=deny')
    .option('--account <name>', 'the account of calls that name none (default)')
    .option('--local', 'short for --account localhost: the local server, no account and no network')
    .option('--classic', 'make each function a tool of its own: integration__workos__list_users')
    .option('--tools <pattern>', 'with --classic: only functions that fit it: workos.list_*', collect)
    .option('--http', 'serve over HTTP in place of stdin and stdout')
    .option('--port <number>', 'with --http: the port; 0 takes any free one', port, 4110)
    .option('--host <address>', 'with --http: the address to listen on', '127.0.0.1')
    .option('--token', 'with --http: ask for a token on this machine, too')
    .option('--allow-host <name>', 'with --http: a name that clients call it by, behind a proxy', collect)
    .option('--json', 'with --http: print one JSON object when it accepts requests')
    .addHelpText(
      'after',
      `
It speaks MCP, to clients of every revision. Over HTTP it asks for a bearer token
wherever other machines can reach it: KOSMO_MCP_TOKEN, else the one it keeps in
the file it names. Ctrl-C ends it.

Examples:
  kosmo mcp:serve --local --write=allow
  kosmo mcp:serve --integrations workos --servers none --write=ask
  kosmo mcp:serve --http --port 4110
`,
    );
}

async function run({ command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const { integrations, servers } = options;
  checkNotWithin();
  if (options.http !== true) checkOfHttp(command);
  const runtime = new Runtime({
    command: 'mcp:serve',
    ...(integrations === undefined ? {} : { integrations }),
    ...(servers === undefined ? {} : { servers }),
  });
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  try {
    const settings = gatewayOptions(options, command.getOptionValueSource('write') === 'cli', runtime);
    const { Gateway, serveGatewayStdio } = await import('../../mcp/gateway/index.ts');
    const gateway = new Gateway(runtime, settings);
    if (options.http === true) await serveHttp(gateway, runtime, options, stop.signal);
    else {
      if (process.stdin.isTTY) process.stderr.write(forPeople);
      await serveGatewayStdio(gateway, stop.signal);
    }
    return 0;
  } finally {
    await runtime.release();
  }
}

/** What somebody is told who runs it to see what happens. */
const forPeople = `This waits for an MCP client on its standard input. Clients start it themselves:
  kosmo mcp:gateway:install claude-code
Ctrl-C ends it.
`;

async function serveHttp(
  gateway: Gateway,
  runtime: Runtime,
  options: Options,
  stop: AbortSignal,
): Promise<void> {
  const { listenGateway, isLoopback, gatewayToken } = await import('../../mcp/gateway/http-front.ts');
  const { host } = options;
  const needsToken = options.token === true || !isLoopback(host);
  const token = needsToken ? await gatewayToken(runtime.state.home, process.env) : null;
  const listening = await listenGateway(gateway, {
    host,
    port: options.port,
    token: token?.token ?? null,
    names: options.allowHost ?? [],
  });
  runtime.warm();
  const about = { url: listening.url, token: needsToken, token_file: token?.file ?? null };
  await writeOut(options.json === true ? `${stringifyJson(about)}\n` : announcement(about));
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve));
  await listening.close();
}

function announcement(about: { url: string; token: boolean; token_file: string | null }): string {
  const token = about.token_file === null ? 'in KOSMO_MCP_TOKEN' : `in ${about.token_file}`;
  return `The gateway listens on ${about.url}\n${about.token ? `Its token is ${token}\n` : ''}Ctrl-C ends it.\n`;
}

function gatewayOptions(options: Options, saysWrite: boolean, runtime: Runtime): GatewayOptions {
  if (options.readOnly === true && saysWrite && options.write !== 'deny')
    throw new KosmoError('usage', `--read-only and --write=${options.write} contradict each other.`, {
      hint: 'Give one of them.',
    });
  if (options.write === 'allow') checkMayAllow(runtime);
  if (options.tools !== undefined && options.classic !== true)
    throw new KosmoError('usage', '--tools needs --classic.', { hint: 'Add --classic, or leave it out.' });
  return {
    writes: options.write,
    account: accountOf(options),
    integrations: runtime.catalog.names(),
    servers: runtime.mcp.names(),
    version,
    classic: options.classic === true,
    tools: options.tools?.map(normalizePattern) ?? null,
  };
}

function checkNotWithin(): void {
  if ((process.env[withinVariable] ?? '') === '') return;
  throw new KosmoError('usage', 'This gateway was started by kosmo itself.', {
    hint: 'kosmo cannot be one of its own MCP servers: kosmo mcp:list names the file that it is to be taken out of.',
  });
}

/** What only means something over HTTP must not be thought to protect anything here. */
function checkOfHttp(command: Command): void {
  const given = ['port', 'host', 'token', 'allowHost', 'json'].find(
    (name) => command.getOptionValueSource(name) === 'cli',
  );
  if (given === undefined) return;
  const flag = given === 'allowHost' ? 'allow-host' : given;
  throw new KosmoError('usage', `--${flag} needs --http.`, { hint: 'Add --http, or leave it out.' });
}

/** Writes without approval are what --force is, and are turned off where it is. */
function checkMayAllow({ state }: Runtime): void {
  const byVariable = forbidsForce(process.env);
  if (!byVariable && state.settings.readable.force) return;
  const where = byVariable ? 'KOSMO_NO_FORCE' : `"force": false in ${state.settings.path}`;
  throw new KosmoError('force_forbidden', `--write=allow is turned off here by ${where}.`, {
    hint: 'Use --write=ask, and approve what is to be changed.',
    details: { flag: '--write=allow' },
  });
}

function accountOf({ local, account }: Options): string | null {
  if (local !== true) return account ?? null;
  if (account !== undefined && account !== localAccountName)
    throw new KosmoError('usage', `--local and --account ${account} contradict each other.`, {
      hint: 'Give one of them.',
    });
  return localAccountName;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError('It takes a port from 0 to 65535.');
  }
  return value;
}

function names(text: string): readonly string[] {
  if (text === 'none') return [];
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
