import type { ManifestReader } from '../manifest/index.ts';
import { Database, migrate } from '../sqlite/index.ts';
import { createApp, type LocalServer } from './app.ts';
import { Catalogue } from './catalogue.ts';
import { Dispatcher } from './dispatch.ts';
import { type Clock, systemClock, timestamp } from './kit/clock.ts';
import { IdSource } from './kit/ids.ts';
import { type Random, SystemRandom } from './kit/random.ts';
import { Deliverer } from './kit/webhooks/index.ts';
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
  readonly clock?: Clock;
  /** The machine's own clock, for what is between this process and others. */
  readonly machine?: Clock;
  readonly random?: Random;
  /** Whether an unknown `sk_test_…` key opens an empty environment of its own; off unless said. */
  readonly autoEnvironments?: boolean;
}

/**
 * Opens the local WorkOS server on its database.
 *
 * @throws KosmoError `home_unusable` or `database_invalid` when the database cannot be used
 */
export function openLocalServer(options: LocalServerOptions): LocalServer {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? new SystemRandom();
  const database = Database.open(options.database);
  try {
    const now = clock.now();
    migrate(database, schema, timestamp(now));
    seedOnce(database, now);
  } catch (error) {
    database.close();
    throw error;
  }
  const ids = new IdSource(random);
  const { manifest } = options;
  const pages: Pages = new Pages({
    database,
    manifest,
    clock,
    random,
    ids,
    handle: (request) => dispatcher.dispatch(request),
  });
  const dispatcher: Dispatcher = new Dispatcher({
    database,
    manifest,
    catalogue: new Catalogue(),
    clock,
    random,
    ids,
    autoEnvironments: options.autoEnvironments ?? false,
    pages: (request, requestId) => pages.answer(request, requestId),
  });
  const machine = options.machine ?? systemClock;
  const webhooks = new Deliverer({ database, clock, machine });
  return createApp(dispatcher, webhooks, () => database.close());
}
