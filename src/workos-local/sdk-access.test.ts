import { WorkOS } from '@workos-inc/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFlag } from './resources/feature-flags/feature-flags.ts';
import { type Listening, listen } from './server.ts';
import { World } from './testing/access-world.ts';
import { Receiver } from './testing/receiver.ts';

let world: World;
let listening: Listening;
let workos: WorkOS;
let organizationId: string;
let organizationMembershipId: string;

beforeAll(async () => {
  world = await World.open();
  listening = await listen(world.client.server, { port: 0 });
  workos = new WorkOS(world.client.key, {
    apiHostname: '127.0.0.1',
    port: Number(new URL(listening.url).port),
    https: false,
    clientId: world.client.context().environment.client_id,
  });
  organizationId = world.org.organization_id;
  organizationMembershipId = world.member.id;
});
afterAll(async () => {
  await listening.close();
  world.client.close();
});

describe('the official SDK, with authorization', () => {
  it('makes, finds, changes and deletes resources by either id', async () => {
    const { authorization } = workos;
    const made = await authorization.createResource({
      organizationId,
      resourceTypeSlug: 'project',
      externalId: 'sdk',
      name: 'SDK',
      parentResourceId: world.sales.id,
    });
    expect(await authorization.getResource(made.id)).toEqual(made);
    const byExternalId = { organizationId, resourceTypeSlug: 'project', externalId: 'sdk' };
    expect(await authorization.getResourceByExternalId(byExternalId)).toEqual(made);
    await authorization.updateResource({ resourceId: made.id, name: 'One' });
    await authorization.updateResourceByExternalId({ ...byExternalId, description: 'Two' });
    const found = await authorization.listResources({ parentResourceId: world.sales.id });
    expect(found.data).toMatchObject([{ id: made.id, name: 'One', description: 'Two' }]);
    await authorization.deleteResourceByExternalId({ ...byExternalId, cascadeDelete: true });
    const again = await authorization.createResource({
      ...byExternalId,
      name: 'SDK',
      parentResourceExternalId: 'sales',
      parentResourceTypeSlug: 'workspace',
    });
    await authorization.deleteResource({ resourceId: again.id });
    expect((await authorization.listResources({ parentResourceId: world.sales.id })).data).toEqual([]);
  });

  it('gives and takes roles, checks, and finds who may do what', async () => {
    const { authorization } = workos;
    const resourceId = world.web.id;
    const given = await authorization.assignRole({
      organizationMembershipId,
      roleSlug: 'project-editor',
      resourceId,
    });
    expect(given).toMatchObject({ role: { slug: 'project-editor' }, resource: { id: resourceId } });
    const permissionSlug = 'project:edit';
    expect(await authorization.check({ organizationMembershipId, permissionSlug, resourceId })).toEqual({
      authorized: true,
    });
    const ofMember = await authorization.listRoleAssignments({ organizationMembershipId });
    expect(ofMember.data).toHaveLength(2);
    const onResource = await authorization.listRoleAssignmentsForResource({ resourceId });
    const target = { organizationId, resourceTypeSlug: 'project', externalId: 'web' };
    expect((await authorization.listResourceRoleAssignments(target)).data).toEqual(onResource.data);
    const resources = await authorization.listResourcesForMembership({
      organizationMembershipId,
      permissionSlug,
      parentResourceId: world.engineering.id,
    });
    expect(resources.data.map(({ externalId }) => externalId)).toEqual(['web']);
    const members = await authorization.listMembershipsForResource({ resourceId, permissionSlug });
    const again = await authorization.listMembershipsForResourceByExternalId({ ...target, permissionSlug });
    expect(members.data.map(({ id }) => id)).toEqual([organizationMembershipId]);
    expect(again.data).toEqual(members.data);
    const effective = await authorization.listEffectivePermissions({ organizationMembershipId, resourceId });
    expect(effective.data.map(({ slug }) => slug).toSorted()).toEqual(['project:edit', 'project:view']);
    const { resourceTypeSlug, externalId } = target;
    const named = { organizationMembershipId, resourceTypeSlug, externalId };
    expect((await authorization.listEffectivePermissionsByExternalId(named)).data).toEqual(effective.data);
    await authorization.removeRole({ organizationMembershipId, roleSlug: 'project-editor', resourceId });
    const other = await authorization.assignRole({
      organizationMembershipId,
      roleSlug: 'project-editor',
      resourceExternalId: 'web',
      resourceTypeSlug: 'project',
    });
    await authorization.removeRoleAssignment({
      organizationMembershipId,
      roleAssignmentId: other.id,
    });
    expect(await authorization.check({ organizationMembershipId, permissionSlug, resourceId })).toEqual({
      authorized: false,
    });
  });

  it('makes permissions and roles, of the environment and of an organization', async () => {
    const { authorization } = workos;
    const permission = await authorization.createPermission({ slug: 'sdk:read', name: 'Read' });
    expect(await authorization.getPermission('sdk:read')).toEqual(permission);
    await authorization.updatePermission('sdk:read', { name: 'Look' });
    expect((await authorization.listPermissions()).data.map(({ slug }) => slug)).toContain('sdk:read');
    await authorization.createEnvironmentRole({ slug: 'sdk-reader', name: 'Reader' });
    await authorization.updateEnvironmentRole('sdk-reader', { name: 'Readers' });
    await authorization.setEnvironmentRolePermissions('sdk-reader', { permissions: [] });
    await authorization.addEnvironmentRolePermission('sdk-reader', { permissionSlug: 'sdk:read' });
    expect(await authorization.getEnvironmentRole('sdk-reader')).toMatchObject({
      name: 'Readers',
      permissions: ['sdk:read'],
    });
    expect((await authorization.listEnvironmentRoles()).data.map(({ slug }) => slug)).toContain('sdk-reader');
    await authorization.createOrganizationRole(organizationId, { slug: 'org-sdk', name: 'Own' });
    await authorization.updateOrganizationRole(organizationId, 'org-sdk', { name: 'Ours' });
    await authorization.setOrganizationRolePermissions(organizationId, 'org-sdk', { permissions: [] });
    await authorization.addOrganizationRolePermission(organizationId, 'org-sdk', {
      permissionSlug: 'sdk:read',
    });
    expect(await authorization.getOrganizationRole(organizationId, 'org-sdk')).toMatchObject({
      name: 'Ours',
      permissions: ['sdk:read'],
    });
    await authorization.removeOrganizationRolePermission(organizationId, 'org-sdk', {
      permissionSlug: 'sdk:read',
    });
    const { data } = await authorization.listOrganizationRoles(organizationId);
    expect(data.map(({ slug }) => slug)).toEqual(expect.arrayContaining(['admin', 'sdk-reader', 'org-sdk']));
    await authorization.deleteOrganizationRole(organizationId, 'org-sdk');
    await authorization.deletePermission('sdk:read');
    expect((await authorization.getEnvironmentRole('sdk-reader')).permissions).toEqual([]);
  });
});

describe('the official SDK', () => {
  it('adds members to groups, lists and removes them', async () => {
    const { groups } = workos;
    const group = await groups.createGroup({ organizationId, name: 'Engineering' });
    const at = { organizationId, groupId: group.id };
    expect(await groups.addOrganizationMembership({ ...at, organizationMembershipId })).toEqual(group);
    const members = await groups.listOrganizationMemberships(at);
    expect(members.data.map(({ id }) => id)).toEqual([organizationMembershipId]);
    await groups.removeOrganizationMembership({ ...at, organizationMembershipId });
    expect((await groups.listOrganizationMemberships(at)).data).toEqual([]);
    await groups.deleteGroup(at);
  });

  it('reads, switches and targets feature flags', async () => {
    const { client } = world;
    client.database.write(() => createFlag(client.context(), { slug: 'sdk-flag', name: 'SDK' }));
    const { featureFlags } = workos;
    expect(await featureFlags.getFeatureFlag('sdk-flag')).toMatchObject({ enabled: false });
    await featureFlags.addFlagTarget({ slug: 'sdk-flag', targetId: organizationId });
    const on = async () =>
      (await featureFlags.listOrganizationFeatureFlags({ organizationId })).data.map(({ slug }) => slug);
    expect(await on()).toEqual([]);
    await featureFlags.enableFeatureFlag('sdk-flag');
    expect(await on()).toEqual(['sdk-flag']);
    const ofUser = await featureFlags.listUserFeatureFlags({ userId: world.member.user_id });
    expect(ofUser.data.map(({ slug }) => slug)).toEqual(['sdk-flag']);
    await featureFlags.removeFlagTarget({ slug: 'sdk-flag', targetId: organizationId });
    expect(await on()).toEqual([]);
    await featureFlags.disableFeatureFlag('sdk-flag');
    expect((await featureFlags.listFeatureFlags()).data).toHaveLength(1);
  });

  it('asks Radar, and changes its lists', async () => {
    const { radar } = workos;
    const attempt = {
      ipAddress: '203.0.113.7',
      userAgent: 'sdk',
      email: 'ada@radar.example',
      authMethod: 'Password',
      action: 'sign-in',
    } as const;
    const entry = { type: 'domain', action: 'block', entry: 'radar.example' } as const;
    expect((await radar.createAttempt(attempt)).verdict).toBe('allow');
    await radar.addListEntry(entry);
    const blocked = await radar.createAttempt(attempt);
    expect(blocked).toMatchObject({ verdict: 'block', blocklistType: 'domain' });
    await radar.updateAttempt({ id: blocked.attemptId, challengeStatus: 'success' });
    await radar.removeListEntry(entry);
    expect((await radar.createAttempt(attempt)).verdict).toBe('allow');
  });

  it('defines audit log events, adds some and exports them', async () => {
    const { auditLogs } = workos;
    await auditLogs.createSchema({ action: 'sdk.used', targets: [{ type: 'sdk' }] });
    expect((await auditLogs.listSchemas('sdk.used')).data).toMatchObject([{ version: 1 }]);
    await auditLogs.createEvent(organizationId, {
      action: 'sdk.used',
      occurredAt: new Date(world.client.clock.now()),
      actor: { type: 'user', id: 'u' },
      targets: [{ type: 'sdk', id: 'node' }],
      context: { location: '203.0.113.7' },
    });
    const pending = await auditLogs.createExport({
      organizationId,
      rangeStart: new Date(world.client.clock.now() - 1000),
      rangeEnd: new Date(world.client.clock.now() + 1000),
    });
    expect(pending.state).toBe('pending');
    const ready = await auditLogs.getExport(pending.id);
    expect(ready.state).toBe('ready');
    // The URL is one of this server's own, as its client knows it.
    expect(ready.url).toMatch(listening.url);
    expect(await (await fetch(ready.url ?? '')).text()).toContain('sdk.used');
    expect(await auditLogs.getOrganizationAuditLogsRetention({ id: organizationId })).toEqual({
      retentionPeriodInDays: null,
    });
  });

  it('registers an endpoint, gets its events there and in the list of events', async () => {
    const receiver = await Receiver.open();
    const { webhooks, events } = workos;
    const endpoint = await webhooks.createWebhookEndpoint({
      endpointUrl: receiver.url(),
      events: ['organization.created'],
    });
    const made = await workos.organizations.createOrganization({ name: 'Told' });
    await receiver.until(1);
    const [request] = receiver.received;
    const event = await webhooks.constructEvent({
      payload: request?.text ?? '',
      sigHeader: String(request?.headers['workos-signature']),
      secret: endpoint.secret,
    });
    expect(event).toMatchObject({ event: 'organization.created', data: { id: made.id, name: 'Told' } });
    const listed = await events.listEvents({ events: ['organization.created'], order: 'desc', limit: 1 });
    expect(listed.data[0]).toMatchObject({ id: event.id, data: event.data });
    await webhooks.updateWebhookEndpoint({ id: endpoint.id, status: 'disabled' });
    expect((await webhooks.listWebhookEndpoints()).data).toMatchObject([{ status: 'disabled' }]);
    await webhooks.deleteWebhookEndpoint({ id: endpoint.id });
    await receiver.close();
  });
});
