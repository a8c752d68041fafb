import { describe, expect, it } from 'vitest';
import { findEnvironment } from './control/environments.ts';
import { changeSettings } from './control/sign-in-settings.ts';
import type { DirectoryRow } from './resources/directories/directories.table.ts';
import { createDirectory } from './resources/directories/directory.ts';
import {
  addDirectoryGroup,
  removeDirectoryGroup,
  setMembers,
} from './resources/directory-groups/directory-group.ts';
import {
  addDirectoryUser,
  changeDirectoryUser,
  type ProvidedUser,
  removeDirectoryUser,
} from './resources/directory-users/directory-user.ts';
import {
  type DirectoryUserRow,
  directoryUserIn,
  usersOfDirectory,
} from './resources/directory-users/directory-users.table.ts';
import { FileClient } from './testing/file-client.ts';
import type { Json } from './testing/local-client.ts';
import { Chance } from './testing/odd-values.ts';

const people = ['ada', 'bob', 'eve', 'joe', 'zoe', 'kim'];
const teams = ['leads', 'staff', 'guests'];

/** A provider that says whatever it likes of a few people and teams. */
class Provider {
  readonly client: FileClient;
  readonly directory: DirectoryRow;
  readonly #chance: Chance;

  private constructor(chance: Chance, client: FileClient, directory: DirectoryRow) {
    this.#chance = chance;
    this.client = client;
    this.directory = directory;
  }

  static async open(chance: Chance, keepsInactiveUsers: boolean): Promise<Provider> {
    const client = FileClient.open();
    const organization = (
      await client.post('/organizations', {
        name: 'Northwind',
        domain_data: [{ domain: 'northwind.example', state: 'verified' }],
      })
    ).body;
    const directory = client.act((context) =>
      createDirectory(context, {
        organizationId: organization.id,
        type: 'okta scim v2.0',
        keepsInactiveUsers,
      }),
    );
    return new Provider(chance, client, directory.row);
  }

  /** Half of them are at the organization's domain; two share an address. */
  #described(name: string): ProvidedUser {
    const at = people.indexOf(name) % 2 === 0 ? 'northwind.example' : 'partner.example';
    return {
      idpId: name,
      username: name,
      email: this.#chance.next() < 0.1 ? null : `${name === 'kim' ? 'ada' : name}@${at}`,
      active: this.#chance.next() < 0.7,
      firstName: this.#chance.pick(['Ada', 'Bo', null]),
      lastName: 'Ford',
      name: null,
      raw: { userName: name },
      custom: { job_title: this.#chance.pick(['Engineer', 'Lead']) },
    };
  }

  /** Says one thing. */
  say(): void {
    const { client, directory } = this;
    const chance = this.#chance;
    const name = chance.pick(people);
    client.act((context) => {
      const row = directoryUserIn(context, directory.id, { idpId: name });
      if (chance.next() < 0.2) {
        const team = chance.pick(teams);
        const known = context.database.get<{ id: string }>(
          'SELECT id FROM directory_groups WHERE directory_id = ? AND idp_id = ?',
          [directory.id, team],
        );
        const group =
          known === null
            ? addDirectoryGroup(context, directory, { idpId: team, name: team, raw: { displayName: team } })
            : context.database.get<ReturnType<typeof addDirectoryGroup>>(
                'SELECT * FROM directory_groups WHERE id = ?',
                [known.id],
              );
        if (group === null) throw new Error('It was there a moment ago.');
        if (chance.next() < 0.2) removeDirectoryGroup(context, group);
        else {
          const members = usersOfDirectory(context, directory.id).filter(() => chance.next() < 0.5);
          setMembers(context, group, members);
        }
      } else if (row === null) addDirectoryUser(context, directory, this.#described(name));
      else if (chance.next() < 0.15) removeDirectoryUser(context, row);
      else changeDirectoryUser(context, directory, row, this.#described(name));
    });
  }

  rows(): DirectoryUserRow[] {
    return this.client.act((context) => usersOfDirectory(context, this.directory.id));
  }
}

const idsOf = (rows: readonly Json[]) => new Set<string>(rows.map(({ id }) => id));

/** What the events say there is of one kind, by id. */
function told(events: readonly Json[], kind: 'dsync.user' | 'dsync.group'): Map<string, Json> {
  const there = new Map<string, Json>();
  for (const { event, data } of events) {
    if (![`${kind}.created`, `${kind}.updated`, `${kind}.deleted`].includes(event)) continue;
    if (event.endsWith('.deleted')) expect(there.delete(data.id), `${event} of ${data.id}`).toBe(true);
    else {
      expect(there.has(data.id), `${event} of ${data.id}`).toBe(event.endsWith('.updated'));
      there.set(data.id, data);
    }
  }
  return there;
}

/** That what is listed is what was told of and what was counted. */
async function look({ client, directory }: Provider): Promise<void> {
  const users: Json[] = await client.all(`/directory_users?directory=${directory.id}`, 4);
  const groups: Json[] = await client.all(`/directory_groups?directory=${directory.id}`, 2);
  const events = (await client.events()).filter(({ data }) => data.directory_id === directory.id);
  const toldUsers = told(events, 'dsync.user');
  expect(new Set(toldUsers.keys())).toEqual(idsOf(users));
  for (const user of users) {
    const { previous_attributes: _previous, ...data } = toldUsers.get(user.id);
    expect(user).toMatchObject({ ...data, updated_at: expect.anything() });
  }
  const toldGroups = told(events, 'dsync.group');
  expect(new Set(toldGroups.keys())).toEqual(idsOf(groups));
  const { metadata } = (await client.get(`/directories/${directory.id}`)).body;
  const count = (state: string) => users.filter((user) => user.state === state).length;
  expect(metadata).toEqual({
    users: { active: count('active'), inactive: count('inactive') },
    groups: groups.length,
  });
  for (const group of groups) {
    const members = await client.all(`/directory_users?group=${group.id}`, 3);
    const from = users.filter((user) => user.groups.some(({ id }: Json) => id === group.id));
    expect(idsOf(members)).toEqual(idsOf(from));
  }
}

/** That memberships are what the directory says, where it makes some. */
async function lookAtMembers(provider: Provider): Promise<void> {
  const { client, directory } = provider;
  const members: Json[] = await client.all(
    `/user_management/organization_memberships?organization_id=${directory.organization_id}&statuses=active,inactive,pending`,
  );
  const managed = new Map(
    provider
      .rows()
      .filter((row) => row.organization_membership_id !== null)
      .map((row) => [row.organization_membership_id, row]),
  );
  for (const member of members) {
    const row = managed.get(member.id);
    if (row === undefined) {
      // Whoever brought them has left for good.
      expect(member.status).not.toBe('active');
      continue;
    }
    const isOn = row.is_deleted === 0 && row.state === 'active';
    const isVouched = member.user.email.endsWith('@northwind.example');
    expect(member.status).toBe(isOn ? (isVouched ? 'active' : 'pending') : 'inactive');
    if (isOn) {
      expect(member).toMatchObject({
        directory_managed: true,
        custom_attributes: JSON.parse(row.custom_attributes),
      });
    }
  }
}

describe('a directory', () => {
  it.each([2, 3, 4])(
    'agrees with its events, its counts and its members whatever its provider says (chance %i)',
    async (seed) => {
      const chance = new Chance(seed * 7919);
      const provider = await Provider.open(chance, seed % 2 === 0);
      const { host } = provider.client.server;
      const provisions = seed > 2;
      changeSettings(host, findEnvironment(host, undefined), { directory_provisioning: provisions });
      for (let step = 1; step <= 90; step += 1) {
        provider.say();
        if (step % 30 !== 0) continue;
        await look(provider);
        if (provisions) await lookAtMembers(provider);
      }
      provider.client.close();
    },
  );
});
