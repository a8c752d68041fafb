import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { World } from '../../testing/access-world.ts';
import type { Json, LocalClient } from '../../testing/local-client.ts';

let world: World;
let client: LocalClient;
beforeEach(async () => {
  world = await World.open();
  client = world.client;
});
afterEach(() => world.client.close());

const given = async (at: string): Promise<string[]> =>
  (await client.all(at)).map(({ role, resource }) => `${role.slug} on ${resource.external_id}`).toSorted();
const membership = async (): Promise<Json> =>
  (await client.get(`/user_management/organization_memberships/${world.member.id}`)).body;

describe('role assignments', () => {
  it('are given on resources, several on one, each once, and listed from both sides', async () => {
    const { web, org } = world;
    const first = await world.assign('project-editor', web);
    expect(first).toMatchObject({
      organization_membership_id: world.member.id,
      role: { slug: 'project-editor' },
      resource: { id: web.id, external_id: 'web', resource_type_slug: 'project' },
      source: { type: 'direct', group_role_assignment_id: null },
    });
    expect(await world.assign('project-editor', web)).toEqual(first);
    await world.role('project-viewer', 'project', ['project:view']);
    const { body: second } = await client.post(`${world.om}/role_assignments`, {
      role_slug: 'project-viewer',
      resource_external_id: 'web',
      resource_type_slug: 'project',
    });
    expect(await given(`${world.om}/role_assignments`)).toEqual([
      `member on ${org.external_id}`,
      'project-editor on web',
      'project-viewer on web',
    ]);
    const onWeb = ['project-editor on web', 'project-viewer on web'];
    expect(await given(`/authorization/resources/${web.id}/role_assignments`)).toEqual(onWeb);
    const byExternalId = `/authorization/organizations/${org.organization_id}/resources/project/web/role_assignments`;
    expect(await given(byExternalId)).toEqual(onWeb);
    expect((await client.delete(`${world.om}/role_assignments/${second.id}`)).status).toBe(204);
    expect((await client.delete(`${world.om}/role_assignments/${second.id}`)).status).toBe(404);
    expect(await given(byExternalId)).toEqual(['project-editor on web']);
  });

  it('need a role for the resource’s own type', async () => {
    const assign = (role: string, resource: Json) =>
      client.post(`${world.om}/role_assignments`, { role_slug: role, resource_id: resource.id });
    expect((await assign('workspace-admin', world.web)).status).toBe(422);
    expect((await assign('member', world.web)).status).toBe(422);
    expect((await assign('project-editor', world.org)).status).toBe(422);
    expect((await assign('none', world.web)).status).toBe(404);
  });

  it('may be of a role the organization made itself, for as long as it has it', async () => {
    const roles = `/authorization/organizations/${world.org.organization_id}/roles`;
    await client.post(roles, { slug: 'org-builder', name: 'Builder', resource_type_slug: 'project' });
    await client.put(`${roles}/org-builder/permissions`, { permissions: ['project:edit'] });
    await world.assign('org-builder', world.web);
    expect(await world.may('project:edit', world.web)).toBe(true);
    expect((await client.delete(`${roles}/org-builder`)).status).toBe(409);
    await world.unassign('org-builder', world.web);
    expect((await client.delete(`${roles}/org-builder`)).status).toBe(204);
  });

  it('on the organization are the membership’s roles, and their change is told', async () => {
    await world.assign('org-auditor', world.org);
    expect((await membership()).roles).toEqual([{ slug: 'member' }, { slug: 'org-auditor' }]);
    await world.unassign('member', world.org);
    expect((await membership()).roles).toEqual([{ slug: 'org-auditor' }]);
    // Nobody is a member without a role.
    await world.unassign('org-auditor', world.org);
    expect((await membership()).roles).toEqual([{ slug: 'member' }]);
    const reply = await client.call('DELETE', `${world.om}/role_assignments`, {
      body: { role_slug: 'member', resource_id: world.org.id },
    });
    expect(reply).toMatchObject({ status: 422, body: { code: 'last_role' } });
    const told = (await client.events()).filter(({ event }) => event === 'organization_membership.updated');
    expect(told.map(({ data }) => data.roles.map(({ slug }: Json) => slug))).toEqual([
      ['member', 'org-auditor'],
      ['org-auditor'],
      ['member'],
    ]);
  });

  it('on resources are untouched by a change of the membership’s roles, and go with the membership', async () => {
    await world.assign('project-editor', world.web);
    const at = `/user_management/organization_memberships/${world.member.id}`;
    await client.put(at, { role_slug: 'admin' });
    expect(await world.may('project:edit', world.web)).toBe(true);
    expect((await membership()).roles).toEqual([{ slug: 'admin' }]);
    await client.delete(at);
    const onWeb = await client.all(`/authorization/resources/${world.web.id}/role_assignments`);
    expect(onWeb).toEqual([]);
  });
});
