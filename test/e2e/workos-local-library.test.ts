import { NotFoundException, RateLimitExceededException, WorkOS } from '@workos-inc/node';
// The package as it is published, by its own name.
import { type RunningLocal, startLocal } from 'kosmo/workos-local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let local: RunningLocal;
beforeAll(async () => {
  local = await startLocal();
});
afterAll(() => local.close());

describe('the local server as a library', () => {
  it('serves the official SDK, with the seed data in its default environment', async () => {
    const workos = new WorkOS(local.apiKey, local.sdkOptions);
    expect((await workos.organizations.listOrganizations()).data).toHaveLength(3);
    expect((await workos.userManagement.getUser('user_123')).email).toBe('mara@harborlight.example');
  });

  it('gives each test an environment of its own', async () => {
    const [one, other] = [local.environment('one'), local.environment()];
    const [first, second] = [one, other].map(({ apiKey, sdkOptions }) => new WorkOS(apiKey, sdkOptions));
    const made = await first?.organizations.createOrganization({ name: 'Only here' });
    expect((await second?.organizations.listOrganizations())?.data).toEqual([]);
    await expect(second?.organizations.getOrganization(made?.id ?? '')).rejects.toThrow(NotFoundException);
    one.reset();
    expect((await first?.organizations.listOrganizations())?.data).toEqual([]);
    one.remove();
    await expect(first?.organizations.listOrganizations()).rejects.toThrow();
  });

  it('hands over mails, also those that come later', async () => {
    const environment = local.environment();
    const workos = new WorkOS(environment.apiKey, environment.sdkOptions);
    const coming = environment.mail({ to: 'ada@example.com' });
    const invitation = await workos.userManagement.sendInvitation({ email: 'ada@example.com' });
    expect(await coming).toMatchObject({ kind: 'invitation', token: invitation.token });
    expect((await coming).link).toBe(invitation.acceptInvitationUrl);
    expect(invitation.acceptInvitationUrl).toContain(local.url);
    expect(local.inbox({ to: 'ada@example.com' })).toEqual([]);
    environment.clearInbox();
    await expect(environment.mail({}, 30)).rejects.toThrow('No mail came in 30 ms (anybody).');
  });

  it('switches ways to sign in off, and is somebody else', async () => {
    const environment = local.environment();
    const workos = new WorkOS(environment.apiKey, environment.sdkOptions);
    const { userManagement } = workos;
    const person = { email: 'ada@example.com', password: 'seven quiet rivers' };
    const user = await userManagement.createUser({ ...person, emailVerified: true });
    const signIn = () =>
      userManagement.authenticateWithPassword({ clientId: environment.clientId, ...person });
    expect((await signIn()).user.id).toBe(user.id);
    expect(environment.changeSettings({ password: false })).toMatchObject({
      password: false,
      mfa: 'optional',
    });
    expect(environment.settings().password).toBe(false);
    await expect(signIn()).rejects.toMatchObject({ status: 403 });
    await workos.post('/user_management/redirect_uris', { uri: 'http://localhost:3000/callback' });
    const { code } = environment.impersonate({ user: user.id, reason: 'Ticket 4711' });
    const { impersonator } = await userManagement.authenticateWithCode({
      clientId: environment.clientId,
      code,
    });
    expect(impersonator).toEqual({ email: 'admin@localhost', reason: 'Ticket 4711' });
  });

  it('moves its clock', async () => {
    const environment = local.environment();
    const workos = new WorkOS(environment.apiKey, environment.sdkOptions);
    const { id } = await workos.userManagement.sendInvitation({ email: 'late@example.com' });
    const stateOf = async () => (await workos.userManagement.getInvitation(id)).state;
    local.clock.advance('8d');
    expect(await stateOf()).toBe('expired');
    local.clock.advance(-8 * 24 * 60 * 60 * 1000);
    expect(await stateOf()).toBe('pending');
    local.clock.set('2040-01-01T00:00:00Z');
    expect(local.clock.now().getUTCFullYear()).toBe(2040);
    local.clock.set(new Date());
    local.clock.reset();
  });

  it('fails on purpose', async () => {
    const environment = local.environment();
    const workos = new WorkOS(environment.apiKey, { ...environment.sdkOptions, maxRetries: 0 });
    const mend = environment.fault({ operation: 'list_organizations', status: 429, retryAfter: 1 });
    await expect(workos.organizations.listOrganizations()).rejects.toThrow(RateLimitExceededException);
    expect((await fetchOrganizations(local.apiKey)).status).toBe(200);
    mend();
    expect((await workos.organizations.listOrganizations()).data).toEqual([]);
    environment.fault({ drop: 'request' });
    await expect(workos.organizations.listOrganizations()).rejects.toThrow();
    local.clearFaults();
    expect((await workos.organizations.listOrganizations()).data).toEqual([]);
  });

  it('verifies domains, loads seeds and tells what was asked', async () => {
    const environment = local.environment();
    const workos = new WorkOS(environment.apiKey, environment.sdkOptions);
    await environment.seed({
      organizations: [{ name: 'Seeded', domain_data: [{ domain: 'a.example', state: 'pending' }] }],
    });
    const [organization] = (await workos.organizations.listOrganizations()).data;
    const [domain] = organization?.domains ?? [];
    environment.setDns(`${domain?.verificationPrefix}.a.example`, domain?.verificationToken ?? '');
    expect((await workos.organizationDomains.verifyOrganizationDomain(domain?.id ?? '')).state).toBe(
      'verified',
    );
    const [last] = local.requests();
    expect(last).toMatchObject({
      method: 'POST',
      status: 201,
      path: `/organization_domains/${domain?.id}/verify`,
    });
    expect(last?.headers['authorization']).toBe('[redacted]');
  });

  it('closes so that the port is free again', async () => {
    const other = await startLocal();
    const port = Number(new URL(other.url).port);
    await expect(startLocal({ port })).rejects.toThrow('Another program listens');
    await other.close();
    const again = await startLocal({ port });
    expect(again.url).toBe(other.url);
    await again.close();
  });
});

function fetchOrganizations(key: string): Promise<Response> {
  return fetch(`${local.url}/organizations`, { headers: { authorization: `Bearer ${key}` } });
}
