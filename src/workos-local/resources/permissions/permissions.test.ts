import { beforeEach, describe, expect, it } from 'vitest';
import { LocalClient } from '../../testing/local-client.ts';

const path = '/authorization/permissions';
let client: LocalClient;
beforeEach(() => {
  client = new LocalClient({ autoEnvironments: true, key: 'sk_test_permissions' });
});

const create = (slug: string, more: object = {}) => client.post(path, { slug, name: slug, ...more });
const patch = (slug: string, body: object) => client.call('PATCH', `${path}/${slug}`, { body });
const told = async (prefix: string) =>
  (await client.events())
    .filter(({ event }) => event.startsWith(prefix))
    .map(({ event, data }) => [event, data]);

describe('permissions', () => {
  it('are made, read, listed, changed and deleted, and each change is told', async () => {
    const { status, body: made } = await create('notes:read', { description: 'Look' });
    expect([status, made]).toMatchObject([
      201,
      { slug: 'notes:read', description: 'Look', system: false, resource_type_slug: 'organization' },
    ]);
    expect((await client.get(`${path}/notes:read`)).body).toEqual(made);
    client.clock.advance(1000);
    const { body: changed } = await patch('notes:read', { name: 'Read', description: null });
    expect(changed).toEqual({ ...made, name: 'Read', description: null, updated_at: changed.updated_at });
    expect((await patch('notes:read', { name: 'Read' })).body).toEqual(changed);
    expect((await client.all(path)).filter(({ system }) => !system)).toEqual([changed]);
    expect((await client.delete(`${path}/notes:read`)).status).toBe(204);
    expect((await client.get(`${path}/notes:read`)).status).toBe(404);
    expect(await told('permission.')).toEqual([
      ['permission.created', made],
      ['permission.updated', changed],
      ['permission.deleted', changed],
    ]);
  });

  it('have a slug of their own, made of few characters, and a type that is there', async () => {
    await create('notes:read');
    expect(await create('notes:read')).toMatchObject({ status: 409 });
    for (const slug of ['', 'Notes', 'notes read', 'ключ']) expect((await create(slug)).status).toBe(422);
    expect((await create('notes:write', { name: ' ' })).status).toBe(422);
    expect((await create('notes:write', { resource_type_slug: 'galaxy' })).status).toBe(404);
  });

  it('of WorkOS itself are there from the start, and stay as they are', async () => {
    const system = (await client.all(path)).filter((permission) => permission.system);
    expect(system.map(({ slug }) => slug)).toContain('widgets:users-table:manage');
    const { slug } = system[0];
    expect((await patch(slug, { name: 'Mine' })).status).toBe(403);
    expect((await client.delete(`${path}/${slug}`)).status).toBe(403);
  });

  it('leave the roles that have them when they go, which is told of each', async () => {
    await create('notes:read');
    await client.post('/authorization/roles', { slug: 'reader', name: 'Reader' });
    await client.post('/authorization/roles/reader/permissions', { slug: 'notes:read' });
    await client.delete(`${path}/notes:read`);
    expect((await client.get('/authorization/roles/reader')).body.permissions).toEqual([]);
    expect((await told('role.')).map(([event, data]) => [event, data.permissions])).toEqual([
      ['role.created', []],
      ['role.updated', ['notes:read']],
      ['role.updated', []],
    ]);
  });
});
