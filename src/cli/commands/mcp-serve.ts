import { Command, Option } from 'commander';
import { forbidsForce } from '../../accounts/index.ts';
import type { GatewayOptions, Writes } from '../../mcp/gateway/index.ts';
import { Runtime, version } from '../../runtime/index.ts';
import { localAccountName } from '../../runtime/local-server.ts';
import { KosmoError } from '../../support/errors.ts';
import type { CommandDefinition, Invocation } from '../command.ts';

interface Options {
  readonly integrations?: readonly string[];
  readonly servers?: readonly string[];
  readonly readOnly?: true;
  readonly write: Writes;
  readonly account?: string;
  readonly local?: true;
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
    .addHelpText(
      'after',
      `
It speaks MCP on stdin and stdout, to clients of every revision.

Examples:
  kosmo mcp:serve --local --write=allow
  kosmo mcp:serve --integrations workos --servers none --write=ask
`,
    );
}

async function run({ command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const { integrations, servers } = options;
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
    await serveGatewayStdio(new Gateway(runtime, settings), stop.signal);
    return 0;
  } finally {
    await runtime.release();
  }
}

function gatewayOptions(options: Options, saysWrite: boolean, runtime: Runtime): GatewayOptions {
  if (options.readOnly === true && saysWrite && options.write !== 'deny')
    throw new KosmoError('usage', `--read-only and --write=${options.write} contradict each other.`, {
      hint: 'Give one of them.',
    });
  if (options.write === 'allow') checkMayAllow(runtime);
  return {
    writes: options.write,
    account: accountOf(options),
    integrations: runtime.catalog.names(),
    servers: runtime.mcp.names(),
    version,
  };
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

function names(text: string): readonly string[] {
  if (text === 'none') return [];
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
