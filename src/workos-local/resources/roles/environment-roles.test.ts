import { beforeEach, describe, expect, it } from 'vitest';
import { type Json, LocalClient } from '../../testing/local-client.ts';

const path = '/authorization/roles';
let client: LocalClient;
beforeEach(async () => {
  client = new LocalClient({ autoEnvironments: true, key: 'sk_test_roles' });
  for (const slug of ['notes:read', 'notes:write']) {
    await client.post('/authorization/permissions', { slug, name: slug });
  }
});

const create = (slug: string, more: object = {}) => client.post(path, { slug, name: slug, ...more });
const patch = (slug: string, body: object) => client.call('PATCH', `${path}/${slug}`, { body });

describe('roles of the environment', () => {
  it('are made at the bottom of the order, read, listed and changed, and each change is told', async () => {
    const { status, body: made } = await create('editor', { description: 'Writes' });
    expect([status, made]).toMatchObject([
      201,
      { slug: 'editor', type: 'EnvironmentRole', permissions: [], resource_type_slug: 'organization' },
    ]);
    expect((await client.get(`${path}/editor`)).body).toEqual(made);
    client.clock.advance(1000);
    const { body: changed } = await patch('editor', { name: 'Editor', description: null });
    expect(changed).toEqual({ ...made, name: 'Editor', description: null, updated_at: changed.updated_at });
    expect((await patch('editor', { name: 'Editor' })).body).toEqual(changed);
    const { data } = (await client.get(path)).body;
    expect(data.map(({ slug }: Json) => slug)).toEqual(['admin', 'member', 'editor']);
    const events = (await client.events()).filter(({ event }) => event.startsWith('role.'));
    expect(events.map(({ event, data: about }) => [event, about.slug])).toEqual([
      ['role.created', 'editor'],
      ['role.updated', 'editor'],
    ]);
  });

  it('get permissions one by one or all at once, each once', async () => {
    await create('editor');
    const add = (slug: string) => client.post(`${path}/editor/permissions`, { slug });
    expect((await add('notes:read')).body.permissions).toEqual(['notes:read']);
    expect((await add('notes:read')).body.permissions).toEqual(['notes:read']);
    const set = (permissions: string[]) => client.put(`${path}/editor/permissions`, { permissions });
    const both = await set(['notes:write', 'notes:read', 'notes:write']);
    expect(both.body.permissions.toSorted()).toEqual(['notes:read', 'notes:write']);
    expect((await set([])).body.permissions).toEqual([]);
    expect((await set(['none'])).status).toBe(404);
    expect((await add('none')).status).toBe(404);
  });

  it('have a slug of their own, and a type that is there', async () => {
    await create('editor');
    expect((await create('editor')).status).toBe(409);
    expect((await create('admin')).status).toBe(409);
    expect((await create('No Slug')).status).toBe(422);
    expect((await create('author', { name: '' })).status).toBe(422);
    expect((await create('author', { resource_type_slug: 'galaxy' })).status).toBe(404);
    expect((await patch('none', { name: 'X' })).status).toBe(404);
  });
});
