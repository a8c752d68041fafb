import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { World } from '../../testing/access-world.ts';
import type { Json, LocalClient } from '../../testing/local-client.ts';

const path = '/authorization/resources';
let world: World;
let client: LocalClient;
beforeEach(async () => {
  world = await World.open();
  client = world.client;
});
afterEach(() => world.client.close());

const make = (type: string, more: object = {}) =>
  client.post(path, {
    organization_id: world.org.organization_id,
    resource_type_slug: type,
    external_id: 'x',
    name: 'X',
    ...more,
  });

describe('a resource', () => {
  it('is made below its organization when no parent is named, read by either id, and renamed', async () => {
    const { status, body: made } = await make('workspace', { description: 'Theirs' });
    expect([status, made.parent_resource_id]).toEqual([201, world.org.id]);
    const byExternalId = `/authorization/organizations/${world.org.organization_id}/resources/workspace/x`;
    expect((await client.get(`${path}/${made.id}`)).body).toEqual(made);
    expect((await client.get(byExternalId)).body).toEqual(made);
    client.clock.advance(1000);
    const same = await client.call('PATCH', `${path}/${made.id}`, { body: { name: 'X' } });
    expect(same.body).toEqual(made);
    const renamed = await client.call('PATCH', byExternalId, { body: { name: 'Y', description: null } });
    expect(renamed.body).toEqual({
      ...made,
      name: 'Y',
      description: null,
      updated_at: renamed.body.updated_at,
    });
    expect(renamed.body.updated_at > made.updated_at).toBe(true);
  });

  it('finds its parent by either id, in its own organization only', async () => {
    const byExternalId = { parent_resource_type_slug: 'workspace', parent_resource_external_id: 'sales' };
    expect((await make('project', byExternalId)).body.parent_resource_id).toBe(world.sales.id);
    const other = (await client.post('/organizations', { name: 'Other' })).body;
    const foreign = { organization_id: other.id, parent_resource_id: world.sales.id };
    expect((await make('project', foreign)).status).toBe(404);
    expect((await make('project', { ...byExternalId, parent_resource_id: world.sales.id })).status).toBe(422);
  });

  it('stands only where its type may', async () => {
    expect(await make('project')).toMatchObject({ status: 400, body: { code: 'bad_request' } });
    expect((await make('workspace', { parent_resource_id: world.sales.id })).status).toBe(400);
    expect((await make('organization')).status).toBe(400);
    expect((await make('galaxy')).status).toBe(404);
    const moved = await client.call('PATCH', `${path}/${world.web.id}`, {
      body: { parent_resource_id: world.org.id },
    });
    expect(moved.status).toBe(422);
  });

  it('moves to another parent, and what is inherited moves with it', async () => {
    await world.assign('workspace-admin', world.sales);
    expect(await world.may('project:edit', world.web)).toBe(false);
    await client.call('PATCH', `${path}/${world.web.id}`, {
      body: { parent_resource_id: world.sales.id },
    });
    expect(await world.may('project:edit', world.web)).toBe(true);
  });

  it('has an external id of its own among those of its type and organization', async () => {
    expect((await make('workspace')).status).toBe(201);
    expect(await make('workspace')).toMatchObject({
      status: 409,
      body: { code: 'authorization_resource_external_id_conflict' },
    });
    expect((await make('project', { parent_resource_id: world.sales.id })).status).toBe(201);
    const other = (await client.post('/organizations', { name: 'Other' })).body;
    expect((await make('workspace', { organization_id: other.id })).status).toBe(201);
  });

  it('with something below it or a role on it goes only by cascade_delete, and takes that with it', async () => {
    const at = `${path}/${world.engineering.id}`;
    const given = await world.assign('project-editor', world.web);
    expect(await client.delete(at)).toMatchObject({
      status: 409,
      body: { code: 'resource_has_dependents' },
    });
    expect((await client.delete(`${path}/${world.web.id}`)).status).toBe(409);
    expect((await client.delete(`${at}?cascade_delete=false`)).status).toBe(409);
    expect((await client.delete(`${at}?cascade_delete=true`)).status).toBe(204);
    for (const gone of [world.engineering, world.web, world.mobile]) {
      expect((await client.get(`${path}/${gone.id}`)).status).toBe(404);
    }
    const left = await client.all(`${world.om}/role_assignments`);
    expect(left.map(({ id }) => id)).not.toContain(given.id);
    expect((await client.get(`${path}/${world.sales.id}`)).status).toBe(200);
    const byExternalId = `/authorization/organizations/${world.org.organization_id}/resources/workspace/sales`;
    await world.assign('workspace-admin', world.sales);
    expect((await client.delete(byExternalId)).status).toBe(409);
    await world.unassign('workspace-admin', world.sales);
    expect((await client.delete(byExternalId)).status).toBe(204);
  });

  it('of an organization is there from the start, named as it is, and is not changed by itself', async () => {
    const { org } = world;
    expect(org).toMatchObject({
      resource_type_slug: 'organization',
      external_id: org.organization_id,
      name: 'Northwind',
      parent_resource_id: null,
    });
    await client.put(`/organizations/${org.organization_id}`, { name: 'Southwind' });
    expect((await client.get(`${path}/${org.id}`)).body.name).toBe('Southwind');
    expect((await client.call('PATCH', `${path}/${org.id}`, { body: { name: 'X' } })).status).toBe(403);
    expect((await client.delete(`${path}/${org.id}?cascade_delete=true`)).status).toBe(403);
    await client.delete(`/organizations/${org.organization_id}`);
    expect((await client.get(`${path}/${world.web.id}`)).status).toBe(404);
  });
});

describe('the list of resources', () => {
  it('can be narrowed by organization, type, external id, parent and name', async () => {
    const names = async (query: string) =>
      (await client.get(`${path}?order=asc&${query}`)).body.data.map((row: Json) => row.name);
    const org = `organization_id=${world.org.organization_id}`;
    expect(await names(org)).toEqual(['Northwind', 'engineering', 'sales', 'web', 'mobile']);
    expect(await names('resource_type_slug=project')).toEqual(['web', 'mobile']);
    expect(await names('resource_external_id=sales')).toEqual(['sales']);
    expect(await names(`parent_resource_id=${world.engineering.id}`)).toEqual(['web', 'mobile']);
    const byExternalId = 'parent_resource_type_slug=workspace&parent_external_id=engineering';
    expect(await names(byExternalId)).toEqual(['web', 'mobile']);
    expect(await names('search=MOB')).toEqual(['mobile']);
    expect((await client.get(`${path}?parent_external_id=engineering`)).status).toBe(422);
    expect(await client.all(path, 2)).toHaveLength(5);
  });
});
