import { UnprocessableEntityException, WorkOS } from '@workos-inc/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from './index.ts';
import { setLoginUri } from './resources/connect-oauth/requests.table.ts';
import { type Listening, listen } from './server.ts';
import { FileClient } from './testing/file-client.ts';
import { PageClient } from './testing/page-client.ts';

let client: FileClient;
let listening: Listening;
let workos: WorkOS;
let visitor: PageClient;
let organizationId: string;
let userId: string;
let membershipId: string;

beforeAll(async () => {
  client = FileClient.open();
  listening = await listen(client.server, { port: 0 });
  workos = new WorkOS(localAccount.apiKey, {
    apiHostname: '127.0.0.1',
    port: Number(new URL(listening.url).port),
    https: false,
    clientId: localAccount.clientId,
  });
  visitor = new PageClient(client.server, listening.url);
  organizationId = (await workos.organizations.createOrganization({ name: 'Northwind' })).id;
  userId = (await workos.userManagement.createUser({ email: 'ada@northwind.example' })).id;
  const membership = await workos.userManagement.createOrganizationMembership({ userId, organizationId });
  membershipId = membership.id;
});
afterAll(async () => {
  await listening.close();
  client.close();
});

describe('the official SDK, with what an organization has', () => {
  it('makes, reads, lists, changes and deletes groups, and lists those of a member', async () => {
    const { groups, userManagement } = workos;
    const group = await groups.createGroup({ organizationId, name: 'Engineering' });
    const at = { organizationId, groupId: group.id };
    expect(await groups.getGroup(at)).toEqual(group);
    expect((await groups.listGroups({ organizationId })).data).toEqual([group]);
    const renamed = await groups.updateGroup({ ...at, name: 'Product', description: 'Makes it' });
    expect(renamed).toMatchObject({ id: group.id, name: 'Product', description: 'Makes it' });
    await groups.addOrganizationMembership({ ...at, organizationMembershipId: membershipId });
    const mine = await userManagement.listGroupsForOrganizationMembership({
      organizationMembershipId: membershipId,
    });
    expect(mine.data).toEqual([renamed]);
    await groups.deleteGroup(at);
    expect((await groups.listGroups({ organizationId })).data).toEqual([]);
  });

  it('chooses how long an audit log is kept, in the SDK’s words', async () => {
    const { auditLogs } = workos;
    const chosen = await auditLogs.updateOrganizationAuditLogsRetention({
      id: organizationId,
      retentionPeriod: '1_YEAR',
    });
    expect(chosen).toEqual({ retentionPeriodInDays: 365 });
    expect(await auditLogs.getOrganizationAuditLogsRetention({ id: organizationId })).toEqual(chosen);
    await auditLogs.updateOrganizationAuditLogsRetention({ id: organizationId, retentionPeriod: '6_MONTHS' });
    expect(await auditLogs.getOrganizationAuditLogsRetention({ id: organizationId })).toEqual({
      retentionPeriodInDays: 180,
    });
    await expect(
      auditLogs.updateOrganizationAuditLogsRetention({ id: organizationId, retentionPeriod: 'X' as never }),
    ).rejects.toBeInstanceOf(UnprocessableEntityException);
  });

  it('makes a link to the portal that opens, and a token of a widget', async () => {
    const { link } = await workos.adminPortal.generateLink({
      organization: organizationId,
      intent: 'domain_verification' as never,
      returnUrl: 'https://app.example/settings',
    });
    const page = await visitor.get(link);
    expect([page.status, page.$('h1').text()]).toEqual([200, 'Domains']);
    await workos.userManagement.updateOrganizationMembership(membershipId, { roleSlug: 'admin' });
    const { token } = await workos.widgets.createToken({
      organizationId,
      userId,
      scopes: ['widgets:users-table:manage'],
    });
    expect(token.split('.')).toHaveLength(3);
  });

  it('makes and lists the API keys of a user, each shown once', async () => {
    const { userManagement, apiKeys } = workos;
    const made = await userManagement.createUserApiKey(userId, { name: 'Laptop', organizationId });
    const { data } = await userManagement.listUserApiKeys(userId);
    expect(data.map(({ id, name }) => [id, name])).toEqual([[made.id, 'Laptop']]);
    expect(JSON.stringify(data)).not.toContain(made.value);
    const { apiKey } = await apiKeys.createValidation({ value: made.value });
    expect(apiKey?.id).toBe(made.id);
  });
});

describe('the official SDK, with sign-in', () => {
  it('ends a session by the address to log out at', async () => {
    const { userManagement } = workos;
    await userManagement.updateUser({ userId, password: 'seven quiet rivers', emailVerified: true });
    await userManagement.authenticateWithPassword({
      clientId: localAccount.clientId,
      email: 'ada@northwind.example',
      password: 'seven quiet rivers',
    });
    const [session] = (await userManagement.listSessions(userId)).data;
    const url = userManagement.getLogoutUrl({
      sessionId: session?.id ?? '',
      returnTo: 'http://localhost:3000/bye',
    });
    const answer = await fetch(url, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'http://localhost:3000/bye']);
    expect((await userManagement.listSessions(userId)).data).toEqual([]);
  });

  it('makes an OAuth application, and completes a sign-in of the application’s own', async () => {
    const { connect } = workos;
    const callback = 'https://forum.example/callback';
    const application = await connect.createOAuthApplication(
      'Forum',
      true,
      'Talk',
      ['openid', 'email'],
      [{ uri: callback }],
    );
    expect(application).toMatchObject({ name: 'Forum', applicationType: 'oauth', isFirstParty: true });
    setLoginUri(client.database, client.context().environment.id, 'https://app.example/login');
    const query = new URLSearchParams({
      client_id: application.clientId,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid email',
    });
    const { leaves } = await visitor.get(`/oauth2/authorize?${query.toString()}`);
    const { redirectUri } = await connect.completeOAuth2({
      externalAuthId: leaves?.searchParams.get('external_auth_id') ?? '',
      user: { id: 'own-1', email: 'own@app.example' },
    });
    const done = await visitor.get(redirectUri);
    expect(done.leaves?.href).toContain(`${callback}?code=`);
  });
});
