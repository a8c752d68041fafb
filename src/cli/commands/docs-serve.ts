import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { Runtime, ThrowAwayRuns } from '../../runtime/index.ts';
import { localAccount } from '../../runtime/local-server.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { serversHelp } from '../documentation/server-tools.ts';
import { luaEnvelope } from '../envelope.ts';
import { writeOut } from '../output.ts';
import { portNumber } from '../port.ts';

interface Options {
  readonly port: number;
  readonly servers?: string;
  readonly json?: true;
}

/** `docs:serve`: shows the documentation until SIGINT or SIGTERM. */
export const docsServe: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo docs:serve')
    .summary('shows the documentation in a browser, with examples that run')
    .description(
      'Serves the documentation of all that is installed to this machine alone, until it is ended with Ctrl-C or SIGTERM. Each example has a button that runs it on a local server of its own, which is thrown away: nothing of yours is reached.',
    )
    .option('--port <number>', 'the port; 0 takes any free one', portNumber, 4180)
    .option('--servers <names>', serversHelp)
    .option('--json', 'print one line when it accepts requests: url')
    .addHelpText(
      'after',
      `
Example:
  kosmo docs:serve
`,
    );
}

async function run({ command }: Invocation): Promise<number> {
  const { port, json, servers } = command.opts<Options>();
  const ended = new Promise<void>((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
  const { openSite } = await import('../documentation/open-site.ts');
  const { serveSite } = await import('../../site/index.ts');
  const token = randomBytes(24).toString('base64url');
  const runtime = new Runtime({ command: 'docs:serve' });
  const runs = new ThrowAwayRuns();
  try {
    const site = await openSite(runtime, { token, integrations: [localAccount.integration] }, servers);
    const served = await serveSite(site, {
      port,
      runToken: token,
      run: (source, signal) => runExample(runs, source, signal),
    });
    await writeOut(
      json === true
        ? `${stringifyJson({ url: served.url })}\n`
        : `The documentation is at ${served.url}\nCtrl-C ends it.\n`,
    );
    await ended;
    await served.close();
  } finally {
    runs.close();
    await runtime.close();
  }
  return 0;
}

async function runExample(runs: ThrowAwayRuns, source: string, signal: AbortSignal): Promise<string> {
  const started = performance.now();
  const outcome = await runs.run(source, signal);
  const { returned } = outcome;
  return luaEnvelope({ ...outcome, elapsed: performance.now() - started, meta: { returned } });
}
