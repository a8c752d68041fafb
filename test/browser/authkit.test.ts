import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from '../../src/workos-local/index.ts';
import type { Listening } from '../../src/workos-local/server.ts';
import { codeOf } from '../../src/workos-local/testing/authenticator.ts';
import type { FileClient } from '../../src/workos-local/testing/file-client.ts';
import type { Json } from '../../src/workos-local/testing/local-client.ts';
import { type Application, openApplication } from './application.ts';
import { useBrowser } from './browser.ts';

const password = 'seven quiet rivers';
const open = useBrowser();

let client: FileClient;
let listening: Listening;
let application: Application;
let home: string;

beforeAll(async () => {
  application = await openApplication();
  ({ client, listening, home } = application);
});
afterAll(async () => {
  await application.close();
});

let made = 0;
const address = () => {
  made += 1;
  return `person-${made}@browser.example`;
};
const makeUser = async (fields: object = {}): Promise<Json> =>
  (
    await client.post('/user_management/users', {
      email: address(),
      password,
      email_verified: true,
      ...fields,
    })
  ).body;

async function makeMember(user: Json, name: string): Promise<Json> {
  const organization = (await client.post('/organizations', { name })).body;
  await client.post('/user_management/organization_memberships', {
    user_id: user.id,
    organization_id: organization.id,
  });
  return organization;
}

function authorizeUrl(query: Record<string, string> = {}): string {
  const asked = new URLSearchParams({
    client_id: localAccount.clientId,
    redirect_uri: `${home}/callback`,
    response_type: 'code',
    provider: 'authkit',
    state: 'from the test',
    ...query,
  });
  return `${listening.url}/user_management/authorize?${asked.toString()}`;
}

/** Waits until the browser is back at the application, and gets the tokens of the code it brings. */
async function tokensOf(tab: Page, uri = `${home}/callback`): Promise<Json> {
  await tab.waitForURL((url) => url.href.startsWith(uri));
  const { searchParams } = new URL(tab.url());
  const { body } = await client.post('/user_management/authenticate', {
    client_id: localAccount.clientId,
    client_secret: localAccount.apiKey,
    grant_type: 'authorization_code',
    code: searchParams.get('code'),
  });
  return body;
}

async function signIn(tab: Page, user: Json): Promise<void> {
  await tab.getByLabel('E-mail address').fill(user.email);
  await tab.getByLabel('Password').fill(password);
  await tab.getByRole('button', { name: 'Sign in' }).click();
}

const lastMailTo = (email: string) => client.mailTo(email).at(-1);

async function giveCode(tab: Page, code: string, button: string): Promise<void> {
  await tab.getByLabel('Code').fill(code);
  await tab.getByRole('button', { name: button }).click();
}

async function shot(tab: Page, name: string): Promise<void> {
  const folder = process.env['SHOTS'];
  if (folder !== undefined) await tab.screenshot({ path: `${folder}/${name}.png` });
}

describe('in a browser, without scripts,', () => {
  it('somebody signs up, verifies their address, and is at the application', async () => {
    const tab = await open();
    const email = address();
    await tab.goto(authorizeUrl());
    await tab.getByRole('link', { name: 'Create an account' }).click();
    await tab.getByLabel('First name').fill('Ada');
    await tab.getByLabel('E-mail address').fill(email);
    await tab.getByLabel('Password').fill('password12');
    await shot(tab, 'sign-up');
    await tab.getByRole('button', { name: 'Create account' }).click();
    await tab.getByText('The password is easy to guess.').waitFor();
    await tab.getByLabel('Password').fill(password);
    await tab.getByRole('button', { name: 'Create account' }).click();
    await tab.getByRole('heading', { name: 'Verify your e-mail address' }).waitFor();
    await shot(tab, 'verify');
    await giveCode(tab, lastMailTo(email)?.code ?? '', 'Verify');
    const { user } = await tokensOf(tab);
    expect(user).toMatchObject({ email, first_name: 'Ada', email_verified: true });
    expect(new URL(tab.url()).searchParams.get('state')).toBe('from the test');
    await tab.getByText('The application at /callback').waitFor();
  });

  it('somebody signs in with a password and their second factor, and logs out', async () => {
    const user = await makeUser();
    const { authentication_factor: factor } = (
      await client.post(`/user_management/users/${user.id}/auth_factors`, { type: 'totp' })
    ).body;
    const tab = await open();
    await tab.goto(authorizeUrl());
    await tab.getByLabel('E-mail address').fill(user.email);
    await tab.getByLabel('Password').fill('not this one');
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await tab.getByRole('alert').getByText('The e-mail address or the password is wrong.').waitFor();
    await shot(tab, 'sign-in-refused');
    await signIn(tab, user);
    await shot(tab, 'second-factor');
    await giveCode(tab, codeOf(factor.totp.secret, client.clock.now()), 'Go on');
    const { access_token, user: signedIn } = await tokensOf(tab);
    expect(signedIn.id).toBe(user.id);
    // The browser is remembered, until it logs out.
    await tab.goto(authorizeUrl());
    expect((await tokensOf(tab)).user.id).toBe(user.id);
    const { sid } = JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url').toString());
    const out = new URLSearchParams({ session_id: sid, return_to: `${home}/bye` });
    await tab.goto(`${listening.url}/user_management/sessions/logout?${out.toString()}`);
    await tab.getByText('The application at /bye').waitFor();
    await tab.goto(authorizeUrl());
    await tab.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('somebody signs in with a code that goes to their address', async () => {
    const user = await makeUser();
    const tab = await open({ phone: true });
    await tab.goto(authorizeUrl({ login_hint: user.email }));
    await shot(tab, 'sign-in-phone');
    await tab.getByRole('button', { name: 'E-mail me a code' }).click();
    await tab.getByRole('heading', { name: 'Check your e-mail' }).waitFor();
    await giveCode(tab, lastMailTo(user.email)?.code ?? '', 'Sign in');
    expect(await tokensOf(tab)).toMatchObject({ user: { id: user.id }, authentication_method: 'MagicAuth' });
  });

  it('somebody chooses one of their organizations', async () => {
    const user = await makeUser();
    await makeMember(user, 'Northwind');
    const south = await makeMember(user, 'Southwind');
    const tab = await open({ dark: true });
    await tab.goto(authorizeUrl());
    await signIn(tab, user);
    await tab.getByRole('heading', { name: 'Choose an organization' }).waitFor();
    await shot(tab, 'organizations');
    await tab.getByRole('button', { name: 'Southwind' }).click();
    expect((await tokensOf(tab)).organization_id).toBe(south.id);
  });

  it('somebody confirms a device', async () => {
    const user = await makeUser();
    const device = (
      await client.post('/user_management/authorize/device', { client_id: localAccount.clientId })
    ).body;
    const tab = await open();
    await tab.goto(`${listening.url}/device`);
    await tab.getByLabel('The code your device shows').fill(device.user_code);
    await tab.getByRole('button', { name: 'Go on' }).click();
    await signIn(tab, user);
    await tab.getByRole('heading', { name: 'Confirm your device' }).waitFor();
    await shot(tab, 'device');
    await tab.getByRole('button', { name: 'Yes, confirm' }).click();
    await tab.getByRole('heading', { name: 'Your device is signed in' }).waitFor();
    const { body } = await client.post('/user_management/authenticate', {
      client_id: localAccount.clientId,
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: device.device_code,
    });
    expect(body.user.id).toBe(user.id);
  });

  it('somebody accepts an invitation and is a member', async () => {
    const { id: organization_id } = (await client.post('/organizations', { name: 'Harborlight' })).body;
    const email = address();
    await client.post('/user_management/invitations', { email, organization_id, role_slug: 'admin' });
    const link = new URL(lastMailTo(email)?.link ?? '');
    const tab = await open();
    // The default redirect URI is of an application that does not run here.
    await tab.route('http://localhost:3000/**', (route) => route.fulfill({ body: 'The application' }));
    await tab.goto(listening.url + link.pathname + link.search);
    await tab.getByText('You are invited to Harborlight.').waitFor();
    await shot(tab, 'invitation');
    await tab.getByLabel('Password').fill(password);
    await tab.getByRole('button', { name: 'Create account' }).click();
    await giveCode(tab, lastMailTo(email)?.code ?? '', 'Verify');
    expect(await tokensOf(tab, 'http://localhost:3000/callback')).toMatchObject({
      organization_id,
      user: { email },
    });
  });

  it('somebody whose organization has single sign-on comes back from its identity provider', async () => {
    const tab = await open();
    await tab.goto(authorizeUrl());
    await tab.getByLabel('E-mail address').fill('mara@harborlight.example');
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await tab.getByText('test identity provider').first().waitFor();
    await tab.getByRole('button', { name: /Mara Lindqvist/ }).click();
    expect(await tokensOf(tab)).toMatchObject({
      user: { id: 'user_123', email: 'mara@harborlight.example' },
      authentication_method: 'SSO',
    });
  });

  it('somebody sets a new password by the link of an e-mail', async () => {
    const user = await makeUser();
    const tab = await open();
    await tab.goto(authorizeUrl());
    await tab.getByRole('link', { name: 'Forgot your password?' }).click();
    await tab.getByLabel('E-mail address').fill(user.email);
    await tab.getByRole('button', { name: 'Send the link' }).click();
    await tab.getByRole('heading', { name: 'Check your e-mail' }).waitFor();
    await tab.goto(lastMailTo(user.email)?.link ?? '');
    await tab.getByLabel('New password').fill('nine lazy otters');
    await tab.getByRole('button', { name: 'Set password' }).click();
    await tab.getByRole('heading', { name: 'Your password is set' }).waitFor();
  });
});
