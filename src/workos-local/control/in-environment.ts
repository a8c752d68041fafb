import { type Context, createContext } from '../kit/context.ts';
import type { Environment } from '../kit/environments.ts';
import type { PageHost } from '../pages/host.ts';

/** Does something in an environment as a request would: in one transaction, all of it or nothing. */
export function inEnvironment<T>(host: PageHost, environment: Environment, work: (context: Context) => T): T {
  return host.database.write(() =>
    work(createContext(host.database, environment, host.clock.now(), host, host.baseUrl)),
  );
}
