import type { Database } from '../../sqlite/index.ts';
import { timestamp } from './clock.ts';
import type { Environment } from './environments.ts';
import type { Ids } from './ids.ts';
import type { Random } from './random.ts';

/**
 * Where a request that came through no socket believes the server is, when none serves the database: where
 * `local:start` listens unless told otherwise.
 */
export const defaultBaseUrl = 'http://localhost:4100';

/** What a request works with. Everything it reads and writes belongs to its environment. */
export interface Context {
  readonly database: Database;
  readonly environment: Environment;
  /** The moment of the request, in milliseconds; the same for all it does. */
  readonly time: number;
  /** The moment of the request as it is stored. */
  readonly now: string;
  readonly random: Random;
  /** Where the server is reached, for the links it hands out; no slash at its end. */
  readonly baseUrl: string;
  /** A new id of the moment of the request; the prefix has its underscore. */
  newId(prefix: string): string;
}

export function createContext(
  database: Database,
  environment: Environment,
  time: number,
  chance: { ids: Ids; random: Random },
  baseUrl = defaultBaseUrl,
): Context {
  return {
    database,
    environment,
    time,
    now: timestamp(time),
    random: chance.random,
    baseUrl,
    newId: (prefix) => chance.ids.next(prefix, time),
  };
}
