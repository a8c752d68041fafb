import type { Database } from '../../sqlite/index.ts';
import { day, minute, timestamp } from '../kit/clock.ts';
import { type Context, createContext } from '../kit/context.ts';
import { environmentOfClient, insertEnvironment } from '../kit/environments.ts';
import { IdSource, type Ids } from '../kit/ids.ts';
import { createApiKey } from '../resources/api-keys/api-keys.ts';
import { addToGroup } from '../resources/groups/group-members.ts';
import { groupsOfOrganization } from '../resources/groups/groups.table.ts';
import { createGroup } from '../resources/groups/groups.ts';
import { createInvitation } from '../resources/invitations/invitations.ts';
import { membershipBetween } from '../resources/organization-memberships/organization-memberships.table.ts';
import {
  createMembership,
  deactivateMembership,
} from '../resources/organization-memberships/organization-memberships.ts';
import { organizationByExternalId } from '../resources/organizations/organizations.table.ts';
import { createOrganization } from '../resources/organizations/organizations.ts';
import { createCorsOrigin } from '../resources/redirect-uris/cors-origins.ts';
import { createRedirectUri } from '../resources/redirect-uris/redirect-uris.ts';
import { userByExternalId } from '../resources/users/users.table.ts';
import { createUser } from '../resources/users/users.ts';
import { localAccount } from './account.ts';
import { company } from './company.ts';
import { CountedRandom } from './counted-random.ts';
import { known } from './known.ts';
import { seedAccess } from './seed-access.ts';
import { seedAuditLog } from './seed-audit-log.ts';
import { seedFlags } from './seed-flags.ts';
import { seedWorkforce } from './workforce.ts';

/** How long ago the seeded company began: its pending domains and invitations are still waiting. */
const history = 2 * day;
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
    if (environmentOfClient(database, localAccount.clientId) === null) seedNow(database, now);
  });
}

/** The same inside a transaction of the caller, who knows that there is no default environment. */
export function seedNow(database: Database, now: number): void {
  seed(database, now - history);
}

function seed(database: Database, beginning: number): void {
  const random = new CountedRandom();
  const source = new IdSource(random);
  // What memberships have besides their own ids is numbered apart, so that the ids people know do not move.
  const assignments = new IdSource(new CountedRandom());
  const workforce = new IdSource(new CountedRandom());
  const apart = (prefix: string) =>
    prefix === 'role_assignment_' ? assignments : /^(?:conn|directory)_/.test(prefix) ? workforce : source;
  const ids: Ids = { next: (prefix) => apart(prefix).next(prefix, idTime) };
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
  for (const person of company.people) seedPerson(next, person);
  for (const { organization, name, description } of company.groups) {
    const context = next();
    createGroup(context, organizationId(context, organization), { name, description });
  }
  for (const { email, organization, role, inviter } of company.invitations) {
    const context = next();
    createInvitation(context, {
      email,
      organization_id: organizationId(context, organization),
      role_slug: role,
      inviter_user_id: known(userByExternalId(context, inviter), inviter).id,
    });
  }
  // New kinds of things go to the end, so that the ids people know do not move.
  seedAccess(next);
  for (const { organization, group: name, person } of company.groupMembers) {
    const context = next();
    const id = organizationId(context, organization);
    const user = known(userByExternalId(context, person), person);
    const group = groupsOfOrganization(context, id).find((row) => row.name === name) ?? null;
    addToGroup(context, known(group, name), known(membershipBetween(context, id, user.id), person).id);
  }
  seedWorkforce(next, organizationId(next(), company.keyOwner));
  seedFlags(next);
  seedAuditLog(next);
  for (const uri of company.redirectUris) createRedirectUri(next(), uri);
  for (const origin of company.corsOrigins) createCorsOrigin(next(), origin);
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

function seedPerson(next: () => Context, person: (typeof company.people)[number]): void {
  const user = createUser(next(), person.user, null, person.id);
  for (const { organization, role, inactive } of person.memberships) {
    const context = next();
    const membership = createMembership(context, {
      user_id: user.id,
      organization_id: organizationId(context, organization),
      role_slug: role,
    });
    if (inactive === true) deactivateMembership(next(), membership.id);
  }
}

function organizationId(context: Context, externalId: string): string {
  return known(organizationByExternalId(context, externalId), externalId).id;
}
