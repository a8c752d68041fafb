import type { Database } from '../../sqlite/index.ts';
import { timestamp } from '../kit/clock.ts';
import { createContext } from '../kit/context.ts';
import { environmentOfClient, insertEnvironment } from '../kit/environments.ts';
import { IdSource } from '../kit/ids.ts';
import { createApiKey } from '../resources/api-keys/api-keys.ts';
import { createOrganization } from '../resources/organizations/organizations.ts';
import { localAccount } from './account.ts';
import { company } from './company.ts';
import { CountedRandom } from './counted-random.ts';

/** When the seeded company began, in milliseconds. Everything seeded happened after it. */
const beginning = Date.UTC(2026, 0, 5, 9);
const step = 60_000;

/** Fills a database that has no default environment with the seed data: all of it, once, the same every time. */
export function seedOnce(database: Database): void {
  if (environmentOfClient(database, localAccount.clientId) !== null) return;
  database.write(() => {
    if (environmentOfClient(database, localAccount.clientId) === null) seed(database);
  });
}

function seed(database: Database): void {
  const random = new CountedRandom();
  const ids = new IdSource(random);
  let time = beginning;
  const environment = { id: ids.next('environment_', time), client_id: localAccount.clientId };
  insertEnvironment(database, {
    ...environment,
    name: 'Default',
    apiKey: localAccount.apiKey,
    now: timestamp(time),
  });
  /** The context of the next thing that happened. */
  const next = () => {
    time += step;
    return createContext(database, environment, time, { ids, random });
  };
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
