import { NotFoundException, UnauthorizedException, WorkOS } from '@workos-inc/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from './index.ts';
import { createConnection } from './resources/connections/connection.ts';
import { seededDirectoryToken } from './seed/workforce.ts';
import { type Listening, listen } from './server.ts';
import { FileClient } from './testing/file-client.ts';
import { PageClient } from './testing/page-client.ts';

const redirectUri = 'https://sdk.example/callback';
let client: FileClient;
let listening: Listening;
let workos: WorkOS;
let publicClient: WorkOS;
let visitor: PageClient;
let organizationId: string;

beforeAll(async () => {
  client = FileClient.open();
  listening = await listen(client.server, { port: 0 });
  const address = {
    apiHostname: '127.0.0.1',
    port: Number(new URL(listening.url).port),
    https: false,
    clientId: localAccount.clientId,
  };
  workos = new WorkOS(localAccount.apiKey, address);
  publicClient = new WorkOS(address);
  visitor = new PageClient(client.server, listening.url);
  await client.post('/user_management/redirect_uris', { uri: redirectUri });
  const { data } = await workos.organizations.listOrganizations({ domains: ['harborlight.example'] });
  organizationId = data[0]?.id ?? '';
});
afterAll(async () => {
  await listening.close();
  client.close();
});

/** Follows an authorization URL as a browser would, signs in as somebody, and gives what the application gets. */
async function signIn(url: string): Promise<URLSearchParams> {
  const page = await visitor.submit(await visitor.get(url), {
    form: '.somebody',
    button: 'Sign in',
    fields: { email: 'mara@harborlight.example' },
  });
  if (page.leaves === null) throw new Error(`The sign-in does not lead back: ${page.text}`);
  return page.leaves.searchParams;
}

describe('the official SDK, with single sign-on', () => {
  it('signs somebody in by their organization and reads the profile', async () => {
    const url = workos.sso.getAuthorizationUrl({
      organization: organizationId,
      clientId: localAccount.clientId,
      redirectUri,
      state: 'kept',
    });
    const answer = await signIn(url);
    expect(answer.get('state')).toBe('kept');
    const { profile, accessToken } = await workos.sso.getProfileAndToken({
      code: answer.get('code') ?? '',
      clientId: localAccount.clientId,
    });
    expect(profile).toMatchObject({
      organizationId,
      connectionType: 'OktaSAML',
      email: 'mara@harborlight.example',
      role: { slug: 'admin' },
    });
    expect(await workos.sso.getProfile({ accessToken })).toEqual(profile);
    await expect(workos.sso.getProfile({ accessToken: 'forged' })).rejects.toBeInstanceOf(
      UnauthorizedException,
    );
  });

  it('signs somebody in from a client without a secret', async () => {
    const { url, state, codeVerifier } = await publicClient.sso.getAuthorizationUrlWithPKCE({
      provider: 'GoogleOAuth',
      clientId: localAccount.clientId,
      redirectUri,
    });
    const answer = await signIn(url);
    expect(answer.get('state')).toBe(state);
    const redeem = (verifier: string) =>
      publicClient.sso.getProfileAndToken({
        code: answer.get('code') ?? '',
        clientId: localAccount.clientId,
        codeVerifier: verifier,
      });
    await expect(redeem('x'.repeat(43))).rejects.toMatchObject({ error: 'invalid_grant' });
    expect((await redeem(codeVerifier)).profile.connectionType).toBe('GoogleOAuth');
  });

  it('lists, reads and deletes connections', async () => {
    const made = client.act((context) =>
      createConnection(context, { organizationId, type: 'GenericOIDC', name: 'Keycloak' }),
    );
    const { data } = await workos.sso.listConnections({
      organizationId,
      connectionType: 'GenericOIDC' as never,
    });
    expect(data.map(({ id, name, state }) => [id, name, state])).toEqual([[made.id, 'Keycloak', 'active']]);
    expect(await workos.sso.getConnection(made.id)).toEqual(data[0]);
    await workos.sso.deleteConnection(made.id);
    await expect(workos.sso.getConnection(made.id)).rejects.toBeInstanceOf(NotFoundException);
  });
});

describe('the official SDK, with directory sync', () => {
  it('reads directories, their users and their groups, as SCIM fills them', async () => {
    const { data } = await workos.directorySync.listDirectories({ organizationId });
    const directory = data[0];
    if (directory === undefined) throw new Error('There is no directory.');
    expect(await workos.directorySync.getDirectory(directory.id)).toEqual(directory);
    const users = await workos.directorySync.listUsers({ directory: directory.id });
    expect(users.data.map(({ email }) => email)).toContain('mara@harborlight.example');
    const added = await fetch(`${listening.url}/scim/v2.0/${directory.id}/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${seededDirectoryToken}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify({ userName: 'new@harborlight.example', title: 'Intern' }),
    });
    const { id } = (await added.json()) as { id: string };
    const user = await workos.directorySync.getUser(id);
    expect(user).toMatchObject({ state: 'active', customAttributes: { job_title: 'Intern' }, groups: [] });
    const groups = await workos.directorySync.listGroups({ directory: directory.id });
    const leads = groups.data.find(({ name }) => name === 'Leads');
    if (leads === undefined) throw new Error('There are no leads.');
    expect(await workos.directorySync.getGroup(leads.id)).toEqual(leads);
    const inGroup = await workos.directorySync.listUsers({ group: leads.id });
    expect(inGroup.data.map(({ firstName }) => firstName)).toEqual(['Mara']);
    const events = await workos.events.listEvents({ events: ['dsync.user.created'] });
    expect(events.data.at(-1)?.data).toMatchObject({ id, directoryId: directory.id });
    await workos.directorySync.deleteDirectory(directory.id);
    await expect(workos.directorySync.getDirectory(directory.id)).rejects.toBeInstanceOf(NotFoundException);
  });
});

describe('the official SDK, with Connect applications', () => {
  it('makes, reads, changes, lists and deletes them and their secrets', async () => {
    const { connect } = workos;
    const made = await connect.createApplication({
      name: 'Forum',
      applicationType: 'oauth',
      isFirstParty: true,
      redirectUris: [{ uri: 'https://forum.example/callback' }],
      scopes: ['openid'],
    });
    expect(await connect.getApplication({ id: made.id })).toEqual(made);
    const machine = await connect.createM2MApplication('Nightly', organizationId);
    const { data } = await connect.listApplications({ organizationId });
    expect(data.map(({ id }) => id)).toEqual([machine.id]);
    const changed = await connect.updateApplication({ id: made.id, name: 'Board' });
    expect(changed.name).toBe('Board');
    const secret = await connect.createApplicationClientSecret({ id: made.id });
    expect(secret.secret.endsWith(secret.secretHint)).toBe(true);
    const listed = await connect.listApplicationClientSecrets({ id: made.id });
    expect(listed.map(({ id }) => id)).toEqual([secret.id]);
    await connect.deleteClientSecret({ id: secret.id });
    await connect.deleteApplication({ id: made.id });
    await expect(connect.getApplication({ id: made.id })).rejects.toBeInstanceOf(NotFoundException);
  });
});

describe('the official SDK, with pipes', () => {
  it('connects an account and gets its token', async () => {
    const { pipes } = workos;
    const github = { slug: 'github', userId: 'user_123' };
    const { url } = await pipes.authorizeDataIntegration({ ...github, returnTo: 'https://sdk.example/done' });
    const done = await visitor.submit(await visitor.get(url), { button: 'Allow' });
    expect(done.leaves?.href).toBe('https://sdk.example/done');
    const token = await pipes.getAccessToken({ provider: 'github', userId: 'user_123' });
    expect(token).toMatchObject({ active: true, accessToken: { scopes: ['repo', 'user:email'] } });
    const account = await pipes.getUserConnectedAccount(github);
    expect(account).toMatchObject({ state: 'connected', userId: 'user_123' });
    const { data } = await pipes.listUserDataProviders({ userId: 'user_123' });
    expect(data.map(({ slug, connectedAccount }) => [slug, connectedAccount?.id])).toEqual([
      ['github', account.id],
      ['slack', undefined],
    ]);
    await pipes.deleteUserConnectedAccount(github);
    expect(await pipes.getAccessToken({ provider: 'github', userId: 'user_123' })).toMatchObject({
      active: false,
      error: 'not_installed',
    });
  });
});
