import type { IndexedOperation, ManifestReader } from '../manifest/index.ts';
import { Database, migrate } from '../sqlite/index.ts';
import { createApp, type LocalServer } from './app.ts';
import { Catalogue } from './catalogue.ts';
import type { RequestLog } from './control/request-log.ts';
import { runningServers } from './control/servers.ts';
import { Dispatcher } from './dispatch.ts';
import { type Clock, systemClock, timestamp } from './kit/clock.ts';
import { defaultBaseUrl } from './kit/context.ts';
import { IdSource } from './kit/ids.ts';
import { MovableClock } from './kit/movable-clock.ts';
import { type Random, SystemRandom } from './kit/random.ts';
import { Deliverer } from './kit/webhooks/index.ts';
import type { PageHost } from './pages/host.ts';
import { Pages } from './pages/pages.ts';
import { schema } from './schema/migrations.ts';
import { seedOnce } from './seed/seed.ts';

export type { LocalServer } from './app.ts';
export type { LocalRequest, LocalResponse } from './dispatch.ts';
export type { Clock } from './kit/clock.ts';
export { localAccount } from './seed/account.ts';

/** The integration this server stands in for. */
export const integration = 'workos';

export interface LocalServerOptions {
  /** A path, or `:memory:`. The file is made when it is not there, and filled with the seed data. */
  readonly database: string;
  readonly manifest: ManifestReader;
  /** Operations of a newer document that are not in this server: it says so when it is asked for one. */
  readonly beyond?: readonly IndexedOperation[];
  readonly clock?: Clock;
  /** The machine's own clock, for what is between this process and others. */
  readonly machine?: Clock;
  /** How long a webhook endpoint may take to answer, in milliseconds; ten seconds unless said. */
  readonly webhookPatience?: number;
  readonly random?: Random;
  /** Whether an unknown `sk_test_…` key opens an empty environment of its own; off unless said. */
  readonly autoEnvironments?: boolean;
  /** Where the requests received are kept for people to look at; nowhere unless said. */
  readonly requests?: RequestLog;
}

/**
 * Opens the local WorkOS server on its database.
 *
 * @throws KosmoError `home_unusable` or `database_invalid` when the database cannot be used
 */
export function openLocalServer(options: LocalServerOptions): LocalServer {
  const { manifest, clock: base = systemClock, random = new SystemRandom(), requests = null } = options;
  const database = Database.open(options.database);
  try {
    const now = base.now();
    migrate(database, schema, timestamp(now));
    seedOnce(database, now);
  } catch (error) {
    database.close();
    throw error;
  }
  const clock = new MovableClock(base, database);
  const ids = new IdSource(random);
  const host: PageHost = {
    database,
    manifest,
    clock,
    random,
    ids,
    requests,
    baseUrl: runningServers(database)[0]?.url ?? defaultBaseUrl,
    handle: (request) => dispatcher.dispatch(request),
    open: (other, otherClock) => openLocalServer({ database: other, manifest, clock: otherClock }),
  };
  const pages = new Pages(host);
  const dispatcher: Dispatcher = new Dispatcher({
    database,
    manifest,
    beyond: options.beyond ?? [],
    catalogue: new Catalogue(),
    clock,
    random,
    ids,
    baseUrl: host.baseUrl,
    autoEnvironments: options.autoEnvironments ?? false,
    pages: (request, requestId) => pages.answer(request, requestId),
  });
  const machine = options.machine ?? systemClock;
  const webhooks = new Deliverer({
    database,
    clock,
    machine,
    ...(options.webhookPatience === undefined ? {} : { patience: options.webhookPatience }),
  });
  return createApp(dispatcher, { webhooks, host }, () => database.close());
}
