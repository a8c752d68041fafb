import { beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from '../index.ts';
import { type Json, LocalClient } from '../testing/local-client.ts';

let client: LocalClient;
let organizations: Json[];
let users: Json[];
beforeAll(async () => {
  client = new LocalClient();
  organizations = await client.all('/organizations?order=asc');
  users = await client.all('/user_management/users?order=asc');
});

const memberships = async (organization: Json): Promise<Json[]> =>
  client.all(
    `/user_management/organization_memberships?organization_id=${organization.id}&statuses=active,inactive,pending`,
  );

describe('the seed data', () => {
  it('is a small company: three organizations, twelve users, user_123 among them', async () => {
    expect(organizations).toHaveLength(3);
    expect(users).toHaveLength(12);
    const first = (await client.get('/user_management/users/user_123')).body;
    expect(users.map((user) => user.id)).toContain(first.id);
    expect(new Set(users.map((user) => user.email)).size).toBe(12);
  });

  it('has an organization without a verified domain, and one without an admin', async () => {
    const isVerified = ({ domains }: Json) => domains.some((domain: Json) => domain.state === 'verified');
    expect(organizations.map(isVerified)).toEqual([true, false, false]);
    const hasAdmin = [];
    for (const organization of organizations) {
      hasAdmin.push((await memberships(organization)).some((membership) => membership.role.slug === 'admin'));
    }
    expect(hasAdmin).toEqual([true, true, false]);
  });

  it('has an invitation that is still waiting, a member who has left and a user of no organization', async () => {
    const [invitation] = (await client.get('/user_management/invitations')).body.data;
    expect(invitation).toMatchObject({
      state: 'pending',
      organization_id: organizations[1].id,
      role_slug: 'member',
    });
    const all = (await Promise.all(organizations.map(memberships))).flat();
    expect(all.filter((membership) => membership.status === 'inactive')).toHaveLength(1);
    const members = new Set(all.map((membership) => membership.user_id));
    expect(users.filter((user) => !members.has(user.id))).toHaveLength(1);
  });

  it('has the key the server is used with, owned by an organization', async () => {
    const { api_key: key } = (await client.post('/api_keys/validations', { value: localAccount.apiKey }))
      .body;
    expect(key.owner).toEqual({ type: 'organization', id: organizations[0].id });
  });

  it('has workspaces and projects, with roles that members have on them', async () => {
    const projects = (await client.get('/authorization/resources?resource_type_slug=project')).body.data;
    expect(projects).toHaveLength(2);
    const editors = async (project: Json): Promise<string[]> => {
      const path = `/authorization/resources/${project.id}/organization_memberships`;
      const { body } = await client.get(`${path}?permission_slug=project:edit&assignment=indirect`);
      return body.data.map(({ user }: Json) => user.first_name).toSorted();
    };
    expect(new Set(await Promise.all(projects.map(editors)))).toEqual(
      new Set([['Tomas'], ['Priya', 'Tomas']]),
    );
  });

  it('has a connection, and a directory of people and groups', async () => {
    const [connection] = (await client.get('/connections')).body.data;
    expect(connection).toMatchObject({ organization_id: organizations[0].id, state: 'active' });
    const [directory] = (await client.get('/directories')).body.data;
    expect(directory.metadata).toEqual({ users: { active: 3, inactive: 0 }, groups: 3 });
    const people = (await client.get(`/directory_users?directory=${directory.id}`)).body.data;
    expect(people.map(({ email }: Json) => email)).toContain('mara@harborlight.example');
    const everyone = (await client.get(`/directory_groups?directory=${directory.id}`)).body.data.find(
      ({ name }: Json) => name === 'Everyone',
    );
    expect((await client.get(`/directory_users?group=${everyone.id}`)).body.data).toHaveLength(3);
  });

  it('has the same ids in every new database', async () => {
    const other = new LocalClient();
    expect(await other.all('/organizations?order=asc')).toEqual(organizations);
    expect(await other.all('/user_management/users?order=asc')).toEqual(users);
    expect(await other.events()).toEqual(await client.events());
    other.clock.advance(365 * 24 * 60 * 60 * 1000);
    const later = new LocalClient({ clock: other.clock });
    expect((await later.all('/organizations?order=asc')).map(({ id }) => id)).toEqual(
      organizations.map(({ id }) => id),
    );
  });

  it('lists in the order in which it happened, and has an event for all of it', async () => {
    expect(users[0].id).toBe('user_123');
    const events = await client.events();
    expect(events.filter(({ event }) => event === 'user.created').map(({ data }) => data.id)).toEqual(
      users.map(({ id }) => id),
    );
    expect(events.every(({ created_at }, at) => at === 0 || created_at >= events[at - 1].created_at)).toBe(
      true,
    );
  });
});
