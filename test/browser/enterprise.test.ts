import { WorkOS } from '@workos-inc/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from '../../src/workos-local/index.ts';
import type { Listening } from '../../src/workos-local/server.ts';
import type { FileClient } from '../../src/workos-local/testing/file-client.ts';
import type { Json } from '../../src/workos-local/testing/local-client.ts';
import { type Application, openApplication } from './application.ts';
import { useBrowser } from './browser.ts';

const open = useBrowser();

let client: FileClient;
let listening: Listening;
let workos: WorkOS;
let application: Application;
let home: string;
let organizationId: string;

beforeAll(async () => {
  application = await openApplication();
  ({ client, listening, home } = application);
  workos = new WorkOS(localAccount.apiKey, {
    apiHostname: '127.0.0.1',
    port: Number(new URL(listening.url).port),
    https: false,
    clientId: localAccount.clientId,
  });
  const { data } = await workos.organizations.listOrganizations({ domains: ['harborlight.example'] });
  organizationId = data[0]?.id ?? '';
});
afterAll(async () => {
  await application.close();
});

describe('single sign-on in a browser', () => {
  it('goes through the test identity provider, which remembers who was there until they sign out', async () => {
    const page = await open();
    const url = (): string =>
      workos.sso.getAuthorizationUrl({
        organization: organizationId,
        clientId: localAccount.clientId,
        redirectUri: `${home}/callback`,
        state: 'kept',
      });
    await page.goto(url());
    await page.getByRole('button', { name: 'mara@harborlight.example' }).click();
    const answer = await application.told(page);
    expect(answer.get('state')).toBe('kept');
    const { profile } = await workos.sso.getProfileAndToken({
      code: answer.get('code') ?? '',
      clientId: localAccount.clientId,
    });
    expect(profile).toMatchObject({ email: 'mara@harborlight.example', groups: ['Everyone', 'Leads'] });
    await page.goto(url());
    expect(await page.getByText('signed in', { exact: true }).count()).toBe(1);
    await page.getByRole('button', { name: 'Refuse to sign in' }).click();
    expect((await application.told(page)).get('error')).toBe('access_denied');
  });

  it('takes somebody typed in, and says what is wrong with an address', async () => {
    const page = await open({ phone: true });
    await page.goto(
      workos.sso.getAuthorizationUrl({
        provider: 'GoogleOAuth',
        clientId: localAccount.clientId,
        redirectUri: `${home}/callback`,
        loginHint: 'typed@social.example',
      }),
    );
    expect(await page.getByLabel('E-mail address').inputValue()).toBe('typed@social.example');
    await page.getByLabel('E-mail address').fill('nobody@x');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    expect(await page.getByText('This is no e-mail address.').count()).toBe(1);
    await page.getByLabel('E-mail address').fill('typed@social.example');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    expect((await application.told(page)).get('code')).toBeTruthy();
  });
});

describe('the Admin Portal in a browser', () => {
  it('is opened by a link, sets up a connection and a directory, and leads back', async () => {
    const organization = (
      await client.post('/organizations', {
        name: 'Portal & Co',
        domain_data: [{ domain: 'portal.example', state: 'verified' }],
      })
    ).body;
    const page = await open();
    const { link } = await workos.adminPortal.generateLink({
      organization: organization.id,
      successUrl: `${home}/done`,
      returnUrl: `${home}/settings`,
    });
    await page.goto(link);
    expect(page.url()).toBe(`${listening.url}/_portal/sso`);
    await page.getByLabel('Identity provider').selectOption({ label: 'Keycloak' });
    await page.getByRole('button', { name: 'Create the connection' }).click();
    await page.getByRole('button', { name: 'Activate' }).click();
    expect(await page.getByText('The connection is active.').count()).toBe(1);
    const { data } = await workos.sso.listConnections({ organizationId: organization.id });
    expect(data).toMatchObject([{ type: 'KeycloakSAML', state: 'active' }]);
    await page.getByRole('link', { name: 'Directory sync' }).click();
    await page.getByRole('button', { name: 'Create the directory' }).click();
    const endpoint = await page.locator('.scim-url').textContent();
    const token = await page.locator('.scim-token').textContent();
    const added = await fetch(`${endpoint}/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify({ userName: 'ada@portal.example' }),
    });
    expect(added.status).toBe(201);
    await page.getByRole('link', { name: 'Finish' }).click();
    await page.waitForURL(`${home}/done`);
    await page.goto(link);
    expect(await page.getByRole('heading').textContent()).toBe('This link has expired');
  });

  it('shows a widget’s page for a token', async () => {
    const page = await open();
    const { token } = await workos.widgets.createToken({
      organizationId,
      userId: 'user_123',
      scopes: ['widgets:users-table:manage'],
    });
    await page.goto(`${listening.url}/_widgets?token=${token}`);
    expect(await page.getByRole('cell', { name: 'tomas@harborlight.example' }).count()).toBe(1);
    await page.getByLabel('E-mail address').fill('browser@harborlight.example');
    await page.getByRole('button', { name: 'Invite' }).click();
    expect(await page.getByText('browser@harborlight.example is invited.').count()).toBe(1);
  });
});

describe('consent in a browser', () => {
  it('lets a Connect application in for the user who has signed in', async () => {
    const password = 'seven quiet rivers';
    const email = 'reader@browser.example';
    await client.post('/user_management/users', { email, password, email_verified: true });
    const made: Json = (
      await client.post('/connect/applications', {
        name: 'The <b>Forum</b>',
        application_type: 'oauth',
        is_first_party: false,
        organization_id: organizationId,
        redirect_uris: [{ uri: `${home}/forum` }],
      })
    ).body;
    const { secret } = (await client.post(`/connect/applications/${made.id}/client_secrets`, {})).body;
    const page = await open();
    const query = new URLSearchParams({
      client_id: made.client_id,
      response_type: 'code',
      scope: 'openid email',
      state: 'st',
    });
    await page.goto(`${listening.url}/oauth2/authorize?${query.toString()}`);
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    expect(await page.getByRole('heading').textContent()).toBe('The <b>Forum</b> asks to be let in');
    await page.getByRole('button', { name: 'Allow' }).click();
    const answer = await application.told(page, '/forum');
    const tokens = await fetch(`${listening.url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: made.client_id,
        client_secret: secret,
        code: answer.get('code') ?? '',
      }),
    });
    expect(await tokens.json()).toMatchObject({ token_type: 'bearer', scope: 'openid email' });
  });

  it('connects an account at a provider, as far as the user allows', async () => {
    const page = await open({ dark: true });
    const { url } = await workos.pipes.authorizeDataIntegration({
      slug: 'github',
      userId: 'user_123',
      returnTo: `${home}/pipes`,
    });
    await page.goto(url);
    await page.getByLabel('user:email').uncheck();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL(`${home}/pipes`);
    const token = await workos.pipes.getAccessToken({ provider: 'github', userId: 'user_123' });
    expect(token).toMatchObject({
      active: true,
      accessToken: { scopes: ['repo'], missingScopes: ['user:email'] },
    });
  });
});
