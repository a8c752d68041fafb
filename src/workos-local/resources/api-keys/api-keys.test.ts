import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { localAccount } from '../../index.ts';
import { type Json, LocalClient } from '../../testing/local-client.ts';

let client: LocalClient;
let organization: Json;
beforeEach(async () => {
  client = new LocalClient();
  organization = (await client.post('/organizations', { name: 'Northwind' })).body;
});

async function create(body: object = { name: 'CI' }): Promise<Json> {
  const reply = await client.post(`/organizations/${organization.id}/api_keys`, body);
  expect(reply.status).toBe(201);
  return reply.body;
}

async function validate(value: string): Promise<Json> {
  const reply = await client.post('/api_keys/validations', { value });
  expect(reply.status).toBe(200);
  return reply.body.api_key;
}

describe('API keys of an organization', () => {
  it('show their value once', async () => {
    const { value, ...key } = await create({
      name: 'CI',
      permissions: ['posts:read', 'posts:read', 'posts:write'],
    });
    expect(value).toMatch(/^sk_[A-Za-z0-9]{40}$/);
    expect(key).toMatchObject({
      owner: { type: 'organization', id: organization.id },
      obfuscated_value: `sk_...${value.slice(-4)}`,
      permissions: ['posts:read', 'posts:write'],
      last_used_at: null,
    });
    const listed = (await client.get(`/organizations/${organization.id}/api_keys`)).body.data;
    expect(listed).toEqual([key]);
    expect(JSON.stringify(await client.events())).not.toContain(value);
  });

  it('are not in the database in clear', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kosmo-keys-'));
    try {
      const database = join(folder, 'workos.db');
      client = new LocalClient({ database });
      organization = (await client.post('/organizations', { name: 'Northwind' })).body;
      const { value } = await create();
      client.server.close();
      expect(readFileSync(database).includes(value)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('are valid until they are deleted, and remember when they were last used', async () => {
    const { value, ...key } = await create();
    client.clock.advance(60_000);
    const valid = await validate(value);
    expect(valid).toEqual({ ...key, last_used_at: '2026-06-01T12:01:00.000Z' });
    expect((await client.get(`/organizations/${organization.id}/api_keys`)).body.data).toEqual([valid]);
    expect((await client.delete(`/api_keys/${key.id}`)).status).toBe(204);
    expect(await validate(value)).toBeNull();
    expect((await client.delete(`/api_keys/${key.id}`)).status).toBe(404);
    const events = (await client.events()).filter((event) => event.event.startsWith('api_key.'));
    expect(events.map((event) => [event.event, event.data.id]).slice(-2)).toEqual([
      ['api_key.created', key.id],
      ['api_key.revoked', key.id],
    ]);
  });

  it('go with their organization', async () => {
    const { value } = await create();
    await client.delete(`/organizations/${organization.id}`);
    expect(await validate(value)).toBeNull();
  });

  it('are not valid in another environment', async () => {
    client = new LocalClient({ autoEnvironments: true });
    organization = (await client.post('/organizations', { name: 'Northwind' })).body;
    const { value, id } = await create();
    const other = { key: 'sk_test_other' };
    expect((await client.post('/api_keys/validations', { value }, other)).body.api_key).toBeNull();
    expect((await client.delete(`/api_keys/${id}`, other)).status).toBe(404);
  });

  it('need a name and an organization', async () => {
    expect((await client.post(`/organizations/${organization.id}/api_keys`, {})).status).toBe(422);
    expect((await client.post(`/organizations/${organization.id}/api_keys`, { name: ' ' })).status).toBe(422);
    expect((await client.post('/organizations/org_none/api_keys', { name: 'CI' })).status).toBe(404);
    expect((await client.get('/organizations/org_none/api_keys')).status).toBe(404);
  });
});

describe('validating a key', () => {
  it.each(['', 'sk_unknown', ' sk_test_localhost', 'SK_TEST_LOCALHOST'])(
    'of %j finds nothing',
    async (value) => {
      expect(await validate(value)).toBeNull();
    },
  );

  it('knows the key the server is used with', async () => {
    expect(await validate(localAccount.apiKey)).toMatchObject({
      object: 'api_key',
      owner: { type: 'organization' },
    });
  });
});
