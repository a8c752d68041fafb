import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { Catalog } from '../../catalog/index.ts';
import { localAccount, localDatabase, openLocal } from '../../runtime/local-server.ts';
import { productFolder } from '../../support/installation.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';

interface Options {
  readonly port: number;
  readonly host: string;
  readonly db?: string;
  readonly autoEnvironments?: true;
  readonly json?: true;
}

/** `local:start`: serves the local server over HTTP until SIGINT or SIGTERM. */
export const localStart: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo local:start')
    .summary('serves the local WorkOS server over HTTP until it is ended with Ctrl-C or SIGTERM')
    .option('--port <number>', 'the port; 0 takes any free one', port, 4100)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--db <file>', 'the database, or :memory: (a file under $KOSMO_HOME)')
    .option('--auto-environments', 'open an empty environment for every new sk_test_… key')
    .option('--json', 'print one line of JSON when it accepts requests')
    .addHelpText(
      'after',
      `
Example:
  kosmo local:start --port 4100
  WORKOS_API_KEY=sk_test_localhost WORKOS_BASE_URL=http://127.0.0.1:4100 npm test
`,
    );
}

async function run({ command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const home = process.env['KOSMO_HOME'] || join(homedir(), '.kosmo');
  const database = options.db === ':memory:' ? options.db : resolve(options.db ?? localDatabase(home));
  const ended = new Promise<void>((done) => {
    process.once('SIGINT', () => done());
    process.once('SIGTERM', () => done());
  });
  const catalog = Catalog.open(join(productFolder(), 'integrations'));
  const server = await openLocal(catalog, database, { autoEnvironments: options.autoEnvironments === true });
  try {
    const { listen } = await import('../../workos-local/server.ts');
    const listening = await listen(server, { port: options.port, hostname: options.host });
    const { api_key, client_id } = localAccount.values;
    const about = { url: listening.url, api_key, client_id, db: database };
    await writeOut(options.json === true ? `${stringifyJson(about)}\n` : announcement(about));
    await ended;
    await listening.close();
  } finally {
    server.close();
    catalog.close();
  }
  return 0;
}

function announcement(about: { url: string; api_key: string; client_id: string; db: string }): string {
  return `The local WorkOS server listens on ${about.url}

  API key    ${about.api_key}
  client ID  ${about.client_id}
  database   ${about.db}

Ctrl-C ends it.
`;
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) {
    throw new InvalidArgumentError('It takes a port from 0 to 65535.');
  }
  return value;
}
