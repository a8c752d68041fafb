import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { Catalog } from '../../catalog/index.ts';
import { localDatabase, openLocal } from '../../runtime/local-server.ts';
import { KosmoError } from '../../support/errors.ts';
import { productFolder } from '../../support/installation.ts';
import { stringifyJson } from '../../support/json.ts';
import { type EnvironmentRow, findEnvironment } from '../../workos-local/control/environments.ts';
import type { LocalServer } from '../../workos-local/index.ts';
import { ApiError } from '../../workos-local/kit/errors.ts';
import { writeOut } from '../output.ts';

/** The options every command about the local server has. */
export interface LocalOptions {
  readonly db?: string;
  readonly environment?: string;
  readonly json?: true;
}

export function localCommand(name: string, summary: string): Command {
  return new Command(`kosmo ${name}`)
    .summary(summary)
    .option('--db <file>', 'the database (a file under $KOSMO_HOME)')
    .option('--json', 'print one JSON object');
}

export function withEnvironment(command: Command): Command {
  return command.option('--environment <name>', 'its name, id, client id or API key (the default one)');
}

/** The database a command is about, as an absolute path. */
export function databaseOf({ db }: Pick<LocalOptions, 'db'>): string {
  if (db === ':memory:') return db;
  return resolve(db ?? localDatabase(process.env['KOSMO_HOME'] || join(homedir(), '.kosmo')));
}

/** How long a command waits for webhook endpoints, in milliseconds. */
const lastMoment = 2000;

/**
 * Opens the database a command is about, without a socket, for as long as the work takes. A server that runs on the
 * same file sees what it does.
 */
export async function withLocal<T>(
  options: LocalOptions,
  work: (host: LocalServer['host']) => T | Promise<T>,
): Promise<T> {
  const database = databaseOf(options);
  if (database === ':memory:') {
    throw new KosmoError('usage', 'A database in memory is out of reach of another process.', {
      hint: 'Name a file, or use the control API of the server that holds it: /_local/api.',
    });
  }
  const catalog = Catalog.open(join(productFolder(), 'integrations'));
  try {
    const server = await openLocal(catalog, database);
    try {
      const result = await work(server.host);
      // Where nobody serves the file, what this has caused to be sent is sent now.
      await server.webhooks.deliverWithin(lastMoment);
      return result;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw new KosmoError('api_error', error.message, { hint: '', details: { ...error.body } });
    } finally {
      server.close();
    }
  } finally {
    catalog.close();
  }
}

/** As `withLocal`, in the environment the command names. */
export function withLocalEnvironment<T>(
  options: LocalOptions,
  work: (host: LocalServer['host'], environment: EnvironmentRow) => T | Promise<T>,
): Promise<T> {
  return withLocal(options, (host) => work(host, findEnvironment(host, options.environment)));
}

/** Writes what came of a command: an object for programs, text for people. */
export async function answer(options: LocalOptions, value: object, text: string): Promise<number> {
  await writeOut(options.json === true ? `${stringifyJson(value)}\n` : text);
  return 0;
}
