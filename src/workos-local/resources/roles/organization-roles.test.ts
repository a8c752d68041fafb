import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { World } from '../../testing/access-world.ts';
import type { Json, LocalClient } from '../../testing/local-client.ts';

let world: World;
let client: LocalClient;
let path: string;
beforeEach(async () => {
  world = await World.open();
  client = world.client;
  path = `/authorization/organizations/${world.org.organization_id}/roles`;
});
afterEach(() => world.client.close());

const create = (name: string, more: object = {}) => client.post(path, { name, ...more });
const patch = (slug: string, body: object) => client.call('PATCH', `${path}/${slug}`, { body });

describe('roles of an organization', () => {
  it('are made beside those of the environment, read, changed and deleted, and each change is told', async () => {
    const { status, body: made } = await create('Builder', { slug: 'org-builder' });
    expect([status, made]).toMatchObject([201, { slug: 'org-builder', type: 'OrganizationRole' }]);
    expect((await client.get(`${path}/org-builder`)).body).toEqual(made);
    expect((await client.get(`${path}/member`)).body.type).toBe('EnvironmentRole');
    client.clock.advance(1000);
    const { body: changed } = await patch('org-builder', { name: 'Builders' });
    expect(changed).toEqual({ ...made, name: 'Builders', updated_at: changed.updated_at });
    const listed = (await client.get(path)).body.data.map(({ slug }: Json) => slug);
    expect(listed).toEqual(expect.arrayContaining(['admin', 'member', 'org-builder']));
    expect((await client.delete(`${path}/org-builder`)).status).toBe(204);
    expect((await client.get(`${path}/org-builder`)).status).toBe(404);
    const told = (await client.events()).filter(({ event }) => event.startsWith('organization_role.'));
    expect(told.map(({ event, data }) => [event, data.slug, data.name])).toEqual([
      ['organization_role.created', 'org-builder', 'Builder'],
      ['organization_role.updated', 'org-builder', 'Builders'],
      ['organization_role.deleted', 'org-builder', 'Builders'],
    ]);
  });

  it('get a slug of their name when none is given, which is never another role’s', async () => {
    const slugs = [(await create('Site manager')).body.slug, (await create('Site manager')).body.slug];
    for (const slug of slugs) expect(slug).toMatch(/^org-site-manager-[a-z0-9]{6}$/);
    expect(slugs[0]).not.toBe(slugs[1]);
    expect((await create('X', { slug: 'builder' })).status).toBe(422);
    expect((await create('X', { slug: 'org-' })).status).toBe(422);
    await create('X', { slug: 'org-x' });
    expect((await create('X', { slug: 'org-x' })).status).toBe(409);
    expect((await create('Y', { slug: 'org-y', resource_type_slug: 'galaxy' })).status).toBe(404);
  });

  it('hold permissions for their own type of resource and those below, never above', async () => {
    await create('Builder', { slug: 'org-builder', resource_type_slug: 'project' });
    const at = `${path}/org-builder/permissions`;
    expect((await client.post(at, { slug: 'project:edit' })).body.permissions).toEqual(['project:edit']);
    expect((await client.post(at, { slug: 'app:deploy' })).status).toBeLessThan(300);
    expect((await client.post(at, { slug: 'workspace:edit' })).status).toBe(422);
    expect((await client.put(at, { permissions: ['workspace:edit'] })).status).toBe(422);
    expect((await client.put(at, { permissions: ['project:view'] })).body.permissions).toEqual([
      'project:view',
    ]);
    expect((await client.delete(`${at}/project:view`)).status).toBeLessThan(300);
    expect((await client.delete(`${at}/project:view`)).status).toBe(404);
  });

  it('are changed by their organization alone, which cannot change those of the environment', async () => {
    await create('Builder', { slug: 'org-builder' });
    const other = (await client.post('/organizations', { name: 'Other' })).body;
    const elsewhere = path.replace(world.org.organization_id, other.id);
    expect((await client.get(`${elsewhere}/org-builder`)).status).toBe(404);
    expect((await client.delete(`${elsewhere}/org-builder`)).status).toBe(404);
    expect((await patch('member', { name: 'Mine' })).status).toBe(404);
    expect((await client.delete(`${path}/admin`)).status).toBe(404);
    expect((await client.post(`${elsewhere}`, { name: 'Builder', slug: 'org-builder' })).status).toBe(201);
  });

  it('stay as long as somebody has them, and go with their organization', async () => {
    await create('Builder', { slug: 'org-builder' });
    const at = `/user_management/organization_memberships/${world.member.id}`;
    await client.put(at, { role_slug: 'org-builder' });
    expect(await client.delete(`${path}/org-builder`)).toMatchObject({
      status: 409,
      body: { code: 'role_has_assignments' },
    });
    await client.delete(`/organizations/${world.org.organization_id}`);
    const gone = (await client.events()).filter(({ event }) => event === 'organization_role.deleted');
    expect(gone).toHaveLength(1);
    expect((await client.get(path)).status).toBe(404);
  });
});
