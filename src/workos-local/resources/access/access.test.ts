import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { World } from '../../testing/access-world.ts';
import type { Json } from '../../testing/local-client.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.client.close());

describe('a check', () => {
  it('finds a role on the resource itself, on any it stands below, and on the organization', async () => {
    const { web, engineering, org } = world;
    expect(await world.may('project:edit', web)).toBe(false);
    await world.assign('project-editor', web);
    expect(await world.may('project:edit', web)).toBe(true);
    await world.unassign('project-editor', web);
    expect(await world.may('project:edit', web)).toBe(false);
    await world.assign('workspace-admin', engineering);
    expect(await world.may('project:edit', web)).toBe(true);
    await world.unassign('workspace-admin', engineering);
    await world.assign('org-auditor', org);
    expect(await world.may('project:view', web)).toBe(true);
    expect(await world.may('project:edit', web)).toBe(false);
  });

  it('finds nothing on a sibling, above, or in another branch', async () => {
    const { web, mobile, engineering, sales } = world;
    await world.assign('project-editor', web);
    expect(await world.may('project:edit', mobile)).toBe(false);
    expect(await world.may('project:edit', engineering)).toBe(false);
    await world.assign('workspace-admin', sales);
    expect(await world.may('project:edit', mobile)).toBe(false);
    expect(await world.may('workspace:edit', sales)).toBe(true);
  });

  it('lets no permission flow down to resources it is not for', async () => {
    await world.assign('workspace-admin', world.engineering);
    expect(await world.may('workspace:edit', world.engineering)).toBe(true);
    expect(await world.may('workspace:edit', world.web)).toBe(false);
  });

  it('can ask of a permission for what is not kept here, on the resource it belongs to', async () => {
    await world.assign('workspace-admin', world.engineering);
    // No app is a resource here; those of a project are asked for on the project.
    expect(await world.may('app:deploy', world.web)).toBe(true);
    expect(await world.may('app:deploy', world.engineering)).toBe(true);
  });

  it('by external id and type says the same', async () => {
    await world.assign('project-editor', world.web);
    const { body } = await world.client.post(`${world.om}/check`, {
      permission_slug: 'project:edit',
      resource_external_id: 'web',
      resource_type_slug: 'project',
    });
    expect(body).toEqual({ authorized: true });
  });

  it('sees a change of a role’s permissions at once', async () => {
    const { client, web } = world;
    await world.assign('project-editor', web);
    await client.put('/authorization/roles/project-editor/permissions', { permissions: ['project:view'] });
    expect(await world.may('project:edit', web)).toBe(false);
    expect(await world.may('project:view', web)).toBe(true);
  });

  it('finds nothing for a member who is switched off, and everything again when they are back', async () => {
    const { client, member, web } = world;
    await world.assign('project-editor', web);
    const at = `/user_management/organization_memberships/${member.id}`;
    await client.put(`${at}/deactivate`, {});
    expect(await world.may('project:edit', web)).toBe(false);
    expect(await world.permissions(web)).toEqual([]);
    expect(await world.holders('project:edit', web)).toEqual([]);
    await client.put(`${at}/reactivate`, {});
    expect(await world.may('project:edit', web)).toBe(true);
  });

  it('names what it does not know: the permission, the resource, one of another organization', async () => {
    const { client, om, web } = world;
    const check = (body: object) => client.post(`${om}/check`, body);
    expect((await check({ permission_slug: 'none', resource_id: web.id })).status).toBe(404);
    expect((await check({ permission_slug: 'project:edit', resource_id: 'authz_resource_x' })).status).toBe(
      404,
    );
    expect((await check({ permission_slug: 'project:edit' })).status).toBe(422);
    const other = (await client.post('/organizations', { name: 'Other' })).body;
    const [root] = (await client.get(`/authorization/resources?organization_id=${other.id}`)).body.data;
    expect((await check({ permission_slug: 'project:edit', resource_id: root.id })).status).toBe(404);
    const none = '/authorization/organization_memberships/om_none/check';
    expect((await client.post(none, { permission_slug: 'project:edit', resource_id: web.id })).status).toBe(
      404,
    );
  });
});

describe('effective permissions', () => {
  it('are those of all roles on the resource and above that are for it or what stands below it', async () => {
    const { web, engineering, org } = world;
    await world.assign('org-auditor', org);
    await world.assign('workspace-admin', engineering);
    expect(await world.permissions(web)).toEqual(['app:deploy', 'project:edit', 'project:view']);
    expect(await world.permissions(engineering)).toEqual([
      'app:deploy',
      'project:edit',
      'project:view',
      'workspace:edit',
    ]);
    expect(await world.permissions(world.sales)).toEqual(['project:view']);
    const { body } = await world.client.get(
      `${world.om}/resources/project/web/permissions?limit=2&order=asc`,
    );
    expect(body.data).toHaveLength(2);
    const next = await world.client.get(
      `${world.om}/resources/project/web/permissions?order=asc&after=${body.list_metadata.after}`,
    );
    expect(next.body.data).toHaveLength(1);
  });
});

describe('the resources a member may use', () => {
  const children = async (permission: string, query: string): Promise<string[]> => {
    const { body } = await world.client.get(
      `${world.om}/resources?permission_slug=${permission}&order=asc&${query}`,
    );
    return body.data.map((resource: Json) => resource.external_id);
  };

  it('below a parent are all of them by a role above, or those with a role of their own', async () => {
    const { engineering, web } = world;
    const below = `parent_resource_id=${engineering.id}`;
    expect(await children('project:edit', below)).toEqual([]);
    await world.assign('project-editor', web);
    expect(await children('project:edit', below)).toEqual(['web']);
    await world.assign('workspace-admin', engineering);
    expect(await children('project:edit', below)).toEqual(['web', 'mobile']);
    expect(
      await children(
        'project:edit',
        'parent_resource_type_slug=workspace&parent_resource_external_id=engineering',
      ),
    ).toEqual(['web', 'mobile']);
  });

  it('need one parent, named in one way, and a permission that can be used there', async () => {
    const list = (query: string) =>
      world.client.get(`${world.om}/resources?permission_slug=project:edit&${query}`);
    expect((await list('')).status).toBe(422);
    expect((await list('parent_resource_type_slug=workspace')).body.errors).toMatchObject([
      { code: 'required', field: 'parent_resource_external_id' },
    ]);
    const both = `parent_resource_id=${world.web.id}&parent_resource_type_slug=workspace&parent_resource_external_id=x`;
    expect((await list(both)).status).toBe(422);
    const upwards = await world.client.get(
      `${world.om}/resources?permission_slug=workspace:edit&parent_resource_id=${world.web.id}`,
    );
    expect(upwards).toMatchObject({ status: 400, body: { code: 'bad_request' } });
    expect((await list('parent_resource_id=authz_resource_none')).status).toBe(404);
  });
});

describe('the members who may use a resource', () => {
  it('are those with a role on it, and with `indirect` those with one above, too', async () => {
    const { web, engineering, member } = world;
    await world.assign('workspace-admin', engineering);
    expect(await world.holders('project:edit', web)).toEqual([]);
    expect(await world.holders('project:edit', web, 'direct')).toEqual([]);
    expect(await world.holders('project:edit', web, 'indirect')).toEqual([member.id]);
    await world.assign('project-editor', web);
    expect(await world.holders('project:edit', web)).toEqual([member.id]);
    const byExternalId = await world.client.get(
      `/authorization/organizations/${world.org.organization_id}/resources/project/web/organization_memberships` +
        '?permission_slug=project:edit',
    );
    expect(byExternalId.body.data).toMatchObject([{ id: member.id, user: { id: member.user_id } }]);
  });

  it('cannot be asked for by a permission nobody can have there', async () => {
    const reply = await world.client.get(
      `/authorization/resources/${world.web.id}/organization_memberships?permission_slug=workspace:edit`,
    );
    expect(reply).toMatchObject({ status: 400, body: { code: 'bad_request' } });
    const byExternalId = await world.client.get(
      `/authorization/organizations/${world.org.organization_id}/resources/project/web/organization_memberships` +
        '?permission_slug=workspace:edit',
    );
    expect(byExternalId.status).toBe(400);
  });
});
