import type { Database } from '../../sqlite/index.ts';
import { timestamp } from './clock.ts';
import type { Environment } from './environments.ts';
import type { Ids } from './ids.ts';
import type { Random } from './random.ts';

/** What a request works with. Everything it reads and writes belongs to its environment. */
export interface Context {
  readonly database: Database;
  readonly environment: Environment;
  /** The moment of the request, in milliseconds; the same for all it does. */
  readonly time: number;
  /** The moment of the request as it is stored. */
  readonly now: string;
  readonly random: Random;
  /** A new id of the moment of the request; the prefix has its underscore. */
  newId(prefix: string): string;
}

export function createContext(
  database: Database,
  environment: Environment,
  time: number,
  chance: { ids: Ids; random: Random },
): Context {
  return {
    database,
    environment,
    time,
    now: timestamp(time),
    random: chance.random,
    newId: (prefix) => chance.ids.next(prefix, time),
  };
}
