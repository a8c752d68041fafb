import { beforeEach, describe, expect, it } from 'vitest';
import { type Json, LocalClient } from '../../testing/local-client.ts';

let client: LocalClient;
let organization: Json;
let group: Json;
let path: string;
let ada: Json;
let bob: Json;
beforeEach(async () => {
  client = new LocalClient();
  organization = (await client.post('/organizations', { name: 'Northwind' })).body;
  const groups = `/organizations/${organization.id}/groups`;
  group = (await client.post(groups, { name: 'Engineering' })).body;
  path = `${groups}/${group.id}/organization-memberships`;
  ada = await join('ada@northwind.example');
  bob = await join('bob@northwind.example');
});

async function join(email: string, organizationId: string = organization.id): Promise<Json> {
  const user = (await client.post('/user_management/users', { email })).body;
  const body = { user_id: user.id, organization_id: organizationId };
  return (await client.post('/user_management/organization_memberships', body)).body;
}

const add = (membership: Json) => client.post(path, { organization_membership_id: membership.id });
const members = async () => (await client.all(path)).map(({ id }) => id);
const groupsOf = async (membership: Json) =>
  (await client.all(`/user_management/organization_memberships/${membership.id}/groups`)).map(({ id }) => id);
const told = async () =>
  (await client.events())
    .filter(({ event, data }) => event.startsWith('group.member') && data.group_id === group.id)
    .map(({ event, data }) => [event, data.organization_membership_id]);

describe('the members of a group', () => {
  it('are added and removed, each change told once, and listed from both sides', async () => {
    expect(await add(ada)).toMatchObject({ status: 200, body: group });
    await add(bob);
    expect((await add(bob)).status).toBe(200);
    expect(await members()).toEqual([bob.id, ada.id]);
    expect(await groupsOf(ada)).toEqual([group.id]);
    expect((await client.delete(`${path}/${ada.id}`)).status).toBe(204);
    expect((await client.delete(`${path}/${ada.id}`)).status).toBe(404);
    expect(await members()).toEqual([bob.id]);
    expect(await groupsOf(ada)).toEqual([]);
    expect(await told()).toEqual([
      ['group.member_added', ada.id],
      ['group.member_added', bob.id],
      ['group.member_removed', ada.id],
    ]);
  });

  it('are members of its organization', async () => {
    const other = (await client.post('/organizations', { name: 'Other' })).body;
    const stranger = await join('eve@other.example', other.id);
    expect((await add(stranger)).status).toBe(404);
    expect((await add({ id: 'om_none' })).status).toBe(404);
    expect((await client.post(path, {})).status).toBe(422);
    const elsewhere = path.replace(organization.id, other.id);
    expect((await client.get(elsewhere)).status).toBe(404);
    expect((await client.get('/user_management/organization_memberships/om_none/groups')).status).toBe(404);
  });

  it('leave it with their membership, and the group leaves them', async () => {
    await add(ada);
    await add(bob);
    await client.delete(`/user_management/organization_memberships/${ada.id}`);
    expect(await members()).toEqual([bob.id]);
    expect((await told()).at(-1)).toEqual(['group.member_removed', ada.id]);
    await client.delete(`/organizations/${organization.id}/groups/${group.id}`);
    expect(await groupsOf(bob)).toEqual([]);
  });
});
