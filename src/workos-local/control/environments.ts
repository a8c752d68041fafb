import { isUniqueViolation } from '../../sqlite/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { timestamp } from '../kit/clock.ts';
import { type Environment, environmentOfKey, insertEnvironment } from '../kit/environments.ts';
import { randomToken } from '../kit/random.ts';
import type { PageHost } from '../pages/host.ts';
import { localAccount } from '../seed/account.ts';

export interface EnvironmentRow extends Environment {
  readonly name: string;
  readonly created_at: string;
}

/** A new environment with its key, which is kept only as a hash: this is the one time it is told. */
export interface NewEnvironment extends EnvironmentRow {
  readonly api_key: string;
}

/** Every environment, the default one first and the others in the order they were made. */
export function listEnvironments(host: PageHost): EnvironmentRow[] {
  return host.database.all<EnvironmentRow>(
    `SELECT id, name, client_id, created_at FROM environments
     ORDER BY client_id <> '${localAccount.clientId}', created_at, id`,
  );
}

/**
 * @param given an id, a client id, a name or an API key; undefined is the default one
 * @throws KosmoError `unknown_environment`
 */
export function findEnvironment(host: PageHost, given: string | undefined): EnvironmentRow {
  const all = listEnvironments(host);
  const wanted = given ?? localAccount.clientId;
  const ofKey = wanted.startsWith('sk_') ? environmentOfKey(host.database, wanted)?.id : undefined;
  const found =
    all.find(({ id, client_id }) => id === (ofKey ?? wanted) || client_id === wanted) ??
    all.find(({ name }) => name.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  const named = wanted.startsWith('sk_') ? 'of that key' : wanted;
  throw new KosmoError('unknown_environment', `There is no environment ${named}.`, {
    details: { environments: all.map(({ name }) => name) },
  });
}

/**
 * Makes an empty environment.
 *
 * @param options.apiKey the key that is to open it, `sk_…`; a new one unless given
 * @throws KosmoError `usage` for a key that is in use or no key
 */
export function createEnvironment(
  host: PageHost,
  options: { readonly name?: string; readonly apiKey?: string } = {},
): NewEnvironment {
  const { name = 'Environment', apiKey = `sk_test_${randomToken(host.random, 32)}` } = options;
  if (!/^sk_[\w-]{4,200}$/.test(apiKey)) {
    throw new KosmoError('usage', 'An API key begins with sk_ and has letters, digits, _ and -.');
  }
  const time = host.clock.now();
  const row: EnvironmentRow = {
    id: host.ids.next('environment_', time),
    name,
    client_id: `client_${randomToken(host.random, 26)}`,
    created_at: timestamp(time),
  };
  try {
    insertEnvironment(host.database, { ...row, apiKey, now: row.created_at });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new KosmoError('usage', 'That API key opens another environment already.');
  }
  return { ...row, api_key: apiKey };
}

/** Removes an environment and all it holds. Its key opens nothing any more. */
export function deleteEnvironment(host: PageHost, environment: Environment): void {
  host.database.write(() => {
    host.database.run('DELETE FROM page_secrets WHERE owner = ?', [environment.id]);
    host.database.run('DELETE FROM environments WHERE id = ?', [environment.id]);
  });
}
