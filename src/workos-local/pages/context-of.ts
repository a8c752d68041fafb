import { type Context, createContext } from '../kit/context.ts';
import type { Environment } from '../kit/environments.ts';
import type { PageHost, Visit } from './host.ts';

/**
 * What the functions of the resources take, for a page that acts in an environment. Use it inside
 * `host.database.write`, so that a change and its events are kept together.
 */
export function contextOf(host: PageHost, environment: Environment, visit: Visit): Context {
  return createContext(host.database, environment, host.clock.now(), host, visit.baseUrl);
}
