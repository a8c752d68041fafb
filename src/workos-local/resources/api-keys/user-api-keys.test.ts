import { beforeEach, describe, expect, it } from 'vitest';
import { type Json, LocalClient } from '../../testing/local-client.ts';

let client: LocalClient;
let organization: Json;
let user: Json;
let membership: Json;
beforeEach(async () => {
  client = new LocalClient();
  organization = (await client.post('/organizations', { name: 'Northwind' })).body;
  user = (await client.post('/user_management/users', { email: 'ada@example.com' })).body;
  membership = (
    await client.post('/user_management/organization_memberships', {
      user_id: user.id,
      organization_id: organization.id,
    })
  ).body;
});

const create = (body: object = {}) =>
  client.post(`/user_management/users/${user.id}/api_keys`, {
    name: 'Laptop',
    organization_id: organization.id,
    ...body,
  });
const validate = async (value: string): Promise<Json> =>
  (await client.post('/api_keys/validations', { value })).body.api_key;

describe('API keys of a user', () => {
  it('belong to the user and are listed with the user alone', async () => {
    const { status, body } = await create({ permissions: ['posts:read'] });
    expect(status).toBe(201);
    const { value, ...key } = body;
    expect(key.owner).toEqual({ type: 'user', id: user.id, organization_id: organization.id });
    const path = `/user_management/users/${user.id}/api_keys`;
    expect((await client.get(path)).body.data).toEqual([key]);
    expect((await client.get(`${path}?organization_id=${organization.id}`)).body.data).toEqual([key]);
    expect((await client.get(`${path}?organization_id=org_other`)).body.data).toEqual([]);
    expect((await client.get(`/organizations/${organization.id}/api_keys`)).body.data).toEqual([]);
    expect(await validate(value)).toMatchObject({ id: key.id, owner: key.owner });
  });

  it('need an active membership', async () => {
    const other = (await client.post('/organizations', { name: 'Other' })).body;
    expect(await create({ organization_id: other.id })).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'organization_id', code: 'not_a_member' }] },
    });
    await client.put(`/user_management/organization_memberships/${membership.id}/deactivate`);
    expect((await create()).status).toBe(422);
    expect((await create({ organization_id: 'org_none' })).status).toBe(404);
    expect((await client.get('/user_management/users/user_none/api_keys')).status).toBe(404);
  });

  it('are revoked when the user leaves the organization, or goes', async () => {
    const first = (await create()).body;
    await client.delete(`/user_management/organization_memberships/${membership.id}`);
    expect(await validate(first.value)).toBeNull();
    await client.post('/user_management/organization_memberships', {
      user_id: user.id,
      organization_id: organization.id,
    });
    const second = (await create()).body;
    await client.delete(`/user_management/users/${user.id}`);
    expect(await validate(second.value)).toBeNull();
    const revoked = (await client.events()).filter(({ event }) => event === 'api_key.revoked');
    expect(revoked.map(({ data }) => data.id)).toEqual([first.id, second.id]);
  });
});
