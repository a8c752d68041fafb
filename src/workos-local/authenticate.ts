import type { Auth } from '../manifest/index.ts';
import type { Database } from '../sqlite/index.ts';
import { type Clock, timestamp } from './kit/clock.ts';
import {
  type Environment,
  environmentOfClient,
  environmentOfKey,
  insertEnvironment,
} from './kit/environments.ts';
import { unauthorized } from './kit/errors.ts';
import type { Ids } from './kit/ids.ts';
import { type Random, randomToken } from './kit/random.ts';

/** What a request shows to say who it is. */
export interface Credentials {
  /** The `Authorization` header, or null. */
  readonly authorization: string | null;
  /** The `client_id` of the query or the body, or null. */
  readonly clientId: string | null;
}

export interface AuthenticationOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  /** Whether an unknown `sk_test_` key opens an environment of its own. */
  readonly autoEnvironments: boolean;
}

/**
 * The environment a request acts in: the one its API key opens, or, for the operations that take no key, the one of
 * its client id.
 *
 * @throws ApiError 401 when that leads to none
 */
export function authenticate(
  options: AuthenticationOptions,
  auth: Auth | null,
  credentials: Credentials,
): Environment {
  const apiKey = bearerToken(credentials.authorization);
  if (apiKey !== null) {
    const environment = environmentOfKey(options.database, apiKey) ?? freshEnvironment(options, apiKey);
    if (environment !== null) return environment;
    if (auth !== null) throw unauthorized('The API key is not known here.');
  }
  if (auth !== null) throw unauthorized('An API key is required: Authorization: Bearer sk_….');
  const environment =
    credentials.clientId === null ? null : environmentOfClient(options.database, credentials.clientId);
  if (environment === null) throw unauthorized('The client id is not known here.');
  return environment;
}

/** The token of an `Authorization: Bearer` header. */
export function bearerToken(header: string | null): string | null {
  const match = header === null ? null : /^Bearer +(\S+)$/i.exec(header.trim());
  return match?.[1] ?? null;
}

function freshEnvironment(options: AuthenticationOptions, apiKey: string): Environment | null {
  const { database, ids, random } = options;
  if (!options.autoEnvironments || !apiKey.startsWith('sk_test_')) return null;
  return database.write(() => {
    // Another process may have opened it since.
    const known = environmentOfKey(database, apiKey);
    if (known !== null) return known;
    const time = options.clock.now();
    const environment = {
      id: ids.next('environment_', time),
      client_id: `client_${randomToken(random, 26)}`,
    };
    insertEnvironment(database, { ...environment, name: 'Opened by its key', apiKey, now: timestamp(time) });
    return environment;
  });
}
