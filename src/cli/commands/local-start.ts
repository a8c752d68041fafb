import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Catalog } from '../../catalog/index.ts';
import { beyondLocal, localAccount, openLocal } from '../../runtime/local-server.ts';
import { productFolder } from '../../support/installation.ts';
import { stringifyJson } from '../../support/json.ts';
import { columns } from '../columns.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { databaseOf, type LocalOptions, localCommand } from '../local/local-command.ts';
import { writeOut } from '../output.ts';
import { portNumber } from '../port.ts';

interface Options extends LocalOptions {
  readonly port: number;
  readonly host: string;
  readonly autoEnvironments?: true;
}

/** `local:start`: serves the local server over HTTP until SIGINT or SIGTERM. */
export const localStart: CommandDefinition = { define, run };

function define(): Command {
  return localCommand(
    'local:start',
    'serves the local WorkOS server over HTTP until it is ended with Ctrl-C or SIGTERM',
  )
    .option('--port <number>', 'the port; 0 takes any free one', portNumber, 4100)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--auto-environments', 'open an empty environment for every new sk_test_… key')
    .addHelpText(
      'after',
      `
With --json it prints one line when it accepts requests. --db :memory: keeps nothing.

Example:
  kosmo local:start --port 4100
  WORKOS_API_KEY=sk_test_localhost WORKOS_BASE_URL=http://127.0.0.1:4100 npm test
`,
    );
}

/** What it prints when it accepts requests. */
interface About {
  readonly url: string;
  readonly ui: string;
  readonly api_key: string;
  readonly client_id: string;
  readonly db: string;
  /** What the document in use has and this server does not; left out when there is nothing. */
  readonly not_in_this_server?: readonly string[];
}

async function run({ command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const database = databaseOf(options);
  const ended = new Promise<void>((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
  const { listen } = await import('../../workos-local/server.ts');
  const { RequestLog } = await import('../../workos-local/control/request-log.ts');
  const home = process.env['KOSMO_HOME'] || join(homedir(), '.kosmo');
  const catalog = Catalog.open(join(home, 'integrations'), join(productFolder(), 'integrations'));
  const beyond = beyondLocal(catalog).map(({ method, path }) => `${method} ${path}`);
  const server = await openLocal(catalog, database, {
    autoEnvironments: options.autoEnvironments === true,
    requests: new RequestLog(),
  });
  try {
    const listening = await listen(server, { port: options.port, hostname: options.host });
    const { url } = listening;
    const { api_key, client_id } = localAccount.values;
    const about: About = {
      url,
      ui: `${url}/_local`,
      api_key,
      client_id,
      db: database,
      ...(beyond.length === 0 ? {} : { not_in_this_server: beyond }),
    };
    await writeOut(options.json === true ? `${stringifyJson(about)}\n` : announcement(about));
    await ended;
    await listening.close();
  } finally {
    server.close();
    catalog.close();
  }
  return 0;
}

function announcement(about: About): string {
  const rows = [
    ['  API key', about.api_key],
    ['  client ID', about.client_id],
    ['  console', about.ui],
    ['  database', about.db],
  ];
  const missing = about.not_in_this_server ?? [];
  const list = missing.map((operation) => `  ${operation}\n`).join('');
  const beyond =
    missing.length === 0
      ? ''
      : `\nThe document in use has ${missing.length} operations that are not in this server (they answer 501):\n${list}`;
  return `The local WorkOS server listens on ${about.url}\n\n${columns(rows)}${beyond}\nCtrl-C ends it.\n`;
}
