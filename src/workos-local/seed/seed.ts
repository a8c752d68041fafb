import type { Database } from '../../sqlite/index.ts';
import { day, minute, timestamp } from '../kit/clock.ts';
import { type Context, createContext } from '../kit/context.ts';
import { environmentOfClient, insertEnvironment } from '../kit/environments.ts';
import { IdSource, type Ids } from '../kit/ids.ts';
import { createApiKey } from '../resources/api-keys/api-keys.ts';
import { createOrganization } from '../resources/organizations/organizations.ts';
import { localAccount } from './account.ts';
import { company } from './company.ts';
import { CountedRandom } from './counted-random.ts';

/** How long ago the seeded company began: its pending domains and invitations are still waiting. */
const history = 5 * day;
/** What the ids of the seed say of when they were made: always the same, so that the ids are. */
const idTime = Date.UTC(2026, 0, 5, 9);

/**
 * Fills a database that has no default environment with the seed data: all of it, once, with the same ids every
 * time. It is made by the functions that serve requests, so it keeps their rules and has its events.
 *
 * @param now milliseconds since 1970; the seeded past ends before it
 */
export function seedOnce(database: Database, now: number): void {
  if (environmentOfClient(database, localAccount.clientId) !== null) return;
  database.write(() => {
    // Another process may have been faster.
    if (environmentOfClient(database, localAccount.clientId) === null) seed(database, now - history);
  });
}

function seed(database: Database, beginning: number): void {
  const random = new CountedRandom();
  const source = new IdSource(random);
  const ids: Ids = { next: (prefix) => source.next(prefix, idTime) };
  const environment = { id: ids.next('environment_', idTime), client_id: localAccount.clientId };
  insertEnvironment(database, {
    ...environment,
    name: 'Default',
    apiKey: localAccount.apiKey,
    now: timestamp(beginning),
  });
  let time = beginning;
  /** The context of the next thing that happened. */
  const next = (): Context => {
    time += minute;
    return createContext(database, environment, time, { ids, random });
  };
  seedOrganizations(next);
}

function seedOrganizations(next: () => Context): void {
  for (const organization of company.organizations) {
    const { id } = createOrganization(next(), organization);
    if (organization.external_id !== company.keyOwner) continue;
    createApiKey(
      next(),
      { organizationId: id, userId: null, name: 'Local development', permissions: [] },
      localAccount.apiKey,
    );
  }
}
