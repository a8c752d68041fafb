import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileClient } from '../../testing/file-client.ts';
import type { Json } from '../../testing/local-client.ts';
import { grant } from '../authorized-applications/authorized-applications.table.ts';
import { useClientSecret } from './client-secrets.table.ts';

let client: FileClient;
let organization: Json;
beforeEach(async () => {
  client = FileClient.open();
  organization = (await client.post('/organizations', { name: 'Northwind' })).body;
});
afterEach(() => client.close());

const path = '/connect/applications';
const oauth = { name: 'Forum', application_type: 'oauth', is_first_party: true };
const create = async (body: object): Promise<Json> => {
  const reply = await client.post(path, body);
  expect(reply.status).toBe(201);
  return reply.body;
};

describe('Connect applications', () => {
  it('are the team’s own, a customer’s, or a machine’s', async () => {
    const own = await create({
      ...oauth,
      description: 'Where people talk',
      scopes: ['openid', 'email', 'openid'],
      redirect_uris: [{ uri: 'https://forum.example/callback' }, { uri: 'forum://callback' }],
      uses_pkce: true,
    });
    expect(own).toMatchObject({
      application_type: 'oauth',
      is_first_party: true,
      scopes: ['openid', 'email'],
      redirect_uris: [
        { uri: 'https://forum.example/callback', default: true },
        { uri: 'forum://callback', default: false },
      ],
      uses_pkce: true,
    });
    const theirs = await create({ ...oauth, is_first_party: false, organization_id: organization.id });
    expect(theirs).toMatchObject({
      is_first_party: false,
      was_dynamically_registered: false,
      organization_id: organization.id,
    });
    const machine = await create({
      name: 'Nightly',
      application_type: 'm2m',
      organization_id: organization.id,
    });
    expect(machine).toMatchObject({ application_type: 'm2m', organization_id: organization.id });
    for (const { id, client_id } of [own, theirs, machine]) {
      expect((await client.get(`${path}/${id}`)).body.client_id).toBe(client_id);
      expect((await client.get(`${path}/${client_id}`)).body.id).toBe(id);
    }
    const ids = (await client.get(`${path}?organization_id=${organization.id}`)).body.data;
    expect(ids.map(({ id }: Json) => id)).toEqual([machine.id, theirs.id]);
  });

  it('are changed and deleted', async () => {
    const { id, updated_at } = await create({ ...oauth, redirect_uris: [{ uri: 'https://a.example/' }] });
    client.clock.advance(1000);
    expect((await client.put(`${path}/${id}`, { name: 'Forum' })).body.updated_at).toBe(updated_at);
    const { body } = await client.put(`${path}/${id}`, {
      name: 'Board',
      description: 'New',
      scopes: ['openid'],
      redirect_uris: [{ uri: 'https://a.example/' }, { uri: 'https://b.example/', default: true }],
    });
    expect(body).toMatchObject({
      name: 'Board',
      description: 'New',
      scopes: ['openid'],
      redirect_uris: [{ default: false }, { uri: 'https://b.example/', default: true }],
    });
    expect(body.updated_at > updated_at).toBe(true);
    expect((await client.put(`${path}/${id}`, { redirect_uris: null })).body.redirect_uris).toEqual([]);
    expect((await client.delete(`${path}/${id}`)).status).toBe(204);
    expect((await client.get(`${path}/${id}`)).status).toBe(404);
    expect((await client.put(`${path}/${id}`, {})).status).toBe(404);
    expect((await client.delete(`${path}/${id}`)).status).toBe(404);
  });

  it.each([
    ['no name', { ...oauth, name: ' ' }],
    ['a customer’s without the customer', { ...oauth, is_first_party: false }],
    ['the team’s own of a customer', { ...oauth, organization_id: 'org_x' }],
    ['a machine’s without an organization', { name: 'x', application_type: 'm2m' }],
    ['a scope with a space', { ...oauth, scopes: ['a b'] }],
    ['a redirect to a script', { ...oauth, redirect_uris: [{ uri: 'javascript:alert(1)' }] }],
    ['a redirect to a path', { ...oauth, redirect_uris: [{ uri: '/callback' }] }],
    ['a redirect with a fragment', { ...oauth, redirect_uris: [{ uri: 'https://a.example/#x' }] }],
    [
      'a redirect twice',
      { ...oauth, redirect_uris: [{ uri: 'https://a.example/' }, { uri: 'https://a.example/' }] },
    ],
    [
      'two defaults',
      {
        ...oauth,
        redirect_uris: [
          { uri: 'https://a.example/', default: true },
          { uri: 'https://b.example/', default: true },
        ],
      },
    ],
  ])('are refused with %s', async (_what, body) => {
    expect((await client.post(path, body)).status).toBe(422);
  });

  it('of an organization that is not there are refused, and go with one that is deleted', async () => {
    expect(
      (await client.post(path, { name: 'x', application_type: 'm2m', organization_id: 'org_x' })).status,
    ).toBe(404);
    const machine = await create({ name: 'x', application_type: 'm2m', organization_id: organization.id });
    const redirect = { redirect_uris: [{ uri: 'https://a.example/' }] };
    expect((await client.put(`${path}/${machine.id}`, redirect)).status).toBe(422);
    await client.delete(`/organizations/${organization.id}`);
    expect((await client.get(`${path}/${machine.id}`)).status).toBe(404);
  });

  it('have up to five secrets, each shown once', async () => {
    const { id, client_id } = await create(oauth);
    const made: Json[] = [];
    for (let number = 0; number < 5; number += 1) {
      client.clock.advance(1);
      made.push((await client.post(`${path}/${client_id}/client_secrets`, {})).body);
    }
    expect((await client.post(`${path}/${id}/client_secrets`, {})).status).toBe(422);
    const { secret, ...first } = made[0];
    expect(first.secret_hint).toBe(secret.slice(-6));
    const listed = (await client.get(`${path}/${id}/client_secrets`)).body;
    expect(listed.map((each: Json) => each.id)).toEqual(made.map((each) => each.id).reverse());
    expect(listed[4]).toEqual(first);
    expect(JSON.stringify(client.database.all('SELECT * FROM connect_client_secrets'))).not.toContain(secret);
    expect(client.act((context) => useClientSecret(context, id, secret))).toBe(true);
    expect(client.act((context) => useClientSecret(context, id, `${secret}x`))).toBe(false);
    const [used] = (await client.get(`${path}/${id}/client_secrets`)).body.slice(-1);
    expect(used.last_used_at).not.toBeNull();
    expect((await client.delete(`/connect/client_secrets/${first.id}`)).status).toBe(204);
    expect((await client.delete(`/connect/client_secrets/${first.id}`)).status).toBe(404);
    expect(client.act((context) => useClientSecret(context, id, secret))).toBe(false);
    expect((await client.post(`${path}/${id}/client_secrets`, {})).status).toBe(201);
    expect((await client.get(`${path}/conn_app_none/client_secrets`)).status).toBe(404);
  });

  it('are listed and withdrawn for a user who has let them in', async () => {
    const application = await create({ ...oauth, scopes: ['openid', 'email'] });
    const authorized = '/user_management/users/user_123/authorized_applications';
    expect((await client.get(authorized)).body.data).toEqual([]);
    client.act((context) => {
      const given = { userId: 'user_123', applicationId: application.id, organizationId: null };
      grant(context, { ...given, scopes: ['openid'], resource: null });
      grant(context, { ...given, scopes: ['email'], resource: 'https://api.example' });
    });
    const { data } = (await client.get(authorized)).body;
    expect(data).toMatchObject([
      { granted_scopes: ['openid', 'email'], oauth_resource: 'https://api.example', application },
    ]);
    expect((await client.delete(`${authorized}/${application.client_id}`)).status).toBe(204);
    expect((await client.delete(`${authorized}/${application.id}`)).status).toBe(404);
    expect((await client.delete(`${authorized}/conn_app_none`)).status).toBe(404);
    expect((await client.get('/user_management/users/user_none/authorized_applications')).status).toBe(404);
  });

  it('are nobody else’s', async () => {
    const { id } = await create(oauth);
    const key = 'sk_test_connect_other';
    expect((await client.get(`${path}/${id}`, { key })).status).toBe(404);
    expect((await client.get(`${path}/${id}/client_secrets`, { key })).status).toBe(404);
    expect((await client.get(path, { key })).body.data).toEqual([]);
  });
});
