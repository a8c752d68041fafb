import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../support/errors.ts';
import { localAccount } from '../index.ts';
import { day, minute } from '../kit/clock.ts';
import { codeOf } from '../testing/authenticator.ts';
import { FileClient } from '../testing/file-client.ts';
import { type Json, LocalClient } from '../testing/local-client.ts';
import { PageClient, type Visited } from '../testing/page-client.ts';
import { quickPassword } from '../testing/quick-password.ts';
import { createEnvironment, findEnvironment } from './environments.ts';
import { exportState } from './export.ts';
import { impersonate } from './impersonate.ts';
import { changeSettings, defaultSettings, readSettings, resetSettings } from './sign-in-settings.ts';

const password = 'seven quiet rivers';
const redirectUri = 'http://localhost:3000/callback';
const confidential = { client_id: localAccount.clientId, client_secret: localAccount.apiKey };

let client: FileClient;
beforeAll(() => {
  client = FileClient.open();
});
afterEach(() => {
  resetSettings(client.server.host, environment());
});
afterAll(() => {
  client.close();
});

const environment = () => findEnvironment(client.server.host, undefined);
const set = (changes: Record<string, string | number | boolean | null>) =>
  changeSettings(client.server.host, environment(), changes);

let made = 0;
async function makeUser(fields: object = {}): Promise<Json> {
  made += 1;
  const email = `person-${made}@settings.example`;
  return (
    await client.post('/user_management/users', {
      email,
      email_verified: true,
      ...quickPassword(password),
      ...fields,
    })
  ).body;
}

const authenticate = (body: object) =>
  client.post('/user_management/authenticate', { ...confidential, ...body }, { key: null });
const byPassword = (user: Json) => authenticate({ grant_type: 'password', email: user.email, password });

const browser = () => new PageClient(client.server);
const authorizePath = `/user_management/authorize?${new URLSearchParams({
  client_id: localAccount.clientId,
  redirect_uri: redirectUri,
  response_type: 'code',
  provider: 'authkit',
}).toString()}`;
const heading = (visited: Visited) => visited.$('h1').text();

describe('settings of sign-in', () => {
  it('begin as a new environment has them, change one by one, and belong to one environment', () => {
    const { host } = client.server;
    expect(readSettings(host, environment())).toEqual(defaultSettings);
    set({ mfa: 'required', 'session-length': '12h' });
    const changed = { ...defaultSettings, mfa: 'required', session_length: 43_200 };
    expect(readSettings(host, environment())).toEqual(changed);
    const other = createEnvironment(host, { name: 'Other' });
    expect(readSettings(host, other)).toEqual(defaultSettings);
    expect(resetSettings(host, environment())).toEqual(defaultSettings);
    expect(readSettings(host, environment())).toEqual(defaultSettings);
  });

  it('take nothing that is none, and then change nothing', () => {
    const wrong: Record<string, string | number | boolean | null>[] = [
      { passwords: 'off' },
      { password: 'maybe' },
      { password: 1 },
      { mfa: 'on' },
      { mfa: true },
      { session_length: 0 },
      { session_length: '1.5s' },
      { session_length: null },
      { access_token_length: 'long' },
      { inactivity_timeout: true },
      { mfa: 'required', sso: 'x' },
    ];
    const codes = wrong.map((changes) => {
      try {
        return set(changes);
      } catch (error) {
        return failureOf(error).code;
      }
    });
    expect(codes).toEqual(wrong.map(() => 'usage'));
    expect(readSettings(client.server.host, environment())).toEqual(defaultSettings);
  });

  it('are part of the state that is exported', () => {
    set({ mfa: 'off' });
    expect(JSON.stringify(exportState(client.server.host))).toContain('"mfa\\":\\"off\\"');
  });
});

describe('a way to sign in that is switched off', () => {
  it('is refused by the API: a password, right or wrong', async () => {
    const user = await makeUser();
    set({ password: false });
    const refused = await byPassword(user);
    expect([refused.status, refused.body.code]).toEqual([403, 'email_password_auth_disabled']);
    const wrong = await authenticate({ grant_type: 'password', email: user.email, password: 'wrong' });
    expect(wrong.body.code).toBe('email_password_auth_disabled');
    set({ password: true });
    expect((await byPassword(user)).status).toBe(200);
  });

  it('is refused by the API: a code by e-mail', async () => {
    const user = await makeUser();
    const { code } = (await client.post('/user_management/magic_auth', { email: user.email })).body;
    set({ magic_auth: 'off' });
    const grant = { grant_type: 'urn:workos:oauth:grant-type:magic-auth:code', email: user.email, code };
    const refused = await authenticate(grant);
    expect([refused.status, refused.body.code]).toEqual([403, 'authentication_method_not_allowed']);
    set({ magic_auth: 'on' });
    // It was not used up.
    expect((await authenticate(grant)).status).toBe(200);
  });

  it('is not on the hosted pages, and not behind them', async () => {
    const user = await makeUser();
    const open = await browser().get(authorizePath);
    const form = open.$('form').first();
    expect(form.find('[name=password]')).toHaveLength(1);
    set({ password: false });
    const page = browser();
    const shown = await page.get(authorizePath);
    expect(shown.$('[name=password]')).toHaveLength(0);
    expect(shown.$('a[href$=sign-up], a[href$=forgot]')).toHaveLength(0);
    const sent = await page.submit(shown, { fields: { email: user.email } });
    expect(heading(sent)).toBe('Check your e-mail');
    set({ password: true, magic_auth: false });
    const again = await browser().get(authorizePath);
    expect(again.$('button').text()).not.toContain('E-mail me a code');
    set({ password: false, magic_auth: false });
    const neither = browser();
    const last = await neither.get(authorizePath);
    const refused = await neither.submit(last, { fields: { email: user.email } });
    expect(refused.status).toBe(403);
  });
});

describe('signing up that is switched off', () => {
  it('leaves strangers outside of the hosted pages, without telling who is one', async () => {
    set({ sign_up: false });
    const page = browser();
    const shown = await page.get(authorizePath);
    expect(shown.$('a[href$=sign-up]')).toHaveLength(0);
    const form = await page.get(`${new URL(shown.url).pathname.replace(/\/sign-in$/, '')}/sign-up`);
    expect([form.status, heading(form)]).toEqual([403, 'There is no signing up here']);
    const stranger = 'stranger@settings.example';
    const sent = await page.submit(await page.get(authorizePath), {
      fields: { email: stranger },
      button: 'E-mail me a code',
    });
    expect(heading(sent)).toBe('Check your e-mail');
    expect(client.mailTo(stranger)).toEqual([]);
    expect((await client.get(`/user_management/users?email=${stranger}`)).body.data).toEqual([]);
  });

  it('lets in whoever was invited', async () => {
    set({ sign_up: false });
    const email = 'invited@settings.example';
    const { token } = (await client.post('/user_management/invitations', { email })).body;
    const shown = await browser().get(`/invite?invitation_token=${token}`);
    expect(heading(shown)).toBe('Create an account');
  });
});

describe('a second factor', () => {
  it('that everybody has to have is enrolled before the first tokens, through the API', async () => {
    const user = await makeUser();
    set({ mfa: 'required' });
    const first = await byPassword(user);
    expect([first.status, first.body.code, first.body.user.id]).toEqual([403, 'mfa_enrollment', user.id]);
    const enrolled = await client.post(`/user_management/users/${user.id}/auth_factors`, { type: 'totp' });
    const { authentication_factor: factor, authentication_challenge: challenge } = enrolled.body;
    const done = await authenticate({
      grant_type: 'urn:workos:oauth:grant-type:mfa-totp',
      pending_authentication_token: first.body.pending_authentication_token,
      authentication_challenge_id: challenge.id,
      code: codeOf(factor.totp.secret, client.clock.now()),
    });
    expect(done.status).toBe(200);
    client.clock.advance(minute);
    expect((await byPassword(user)).body.code).toBe('mfa_challenge');
  });

  it('that everybody has to have is enrolled on a hosted page, and asked for the next time', async () => {
    const user = await makeUser();
    set({ mfa: 'required' });
    const page = browser();
    const shown = await page.submit(await page.get(authorizePath), {
      fields: { email: user.email, password },
    });
    expect(heading(shown)).toBe('Set up your second factor');
    expect(shown.$('img.qr').attr('src')).toMatch(/^data:image\/png;base64,/);
    const secret = shown.$('details code').text();
    const wrong = await page.submit(shown, { fields: { code: '000000' } });
    expect([wrong.status, wrong.$('details code').text()]).toEqual([422, secret]);
    expect((await client.get(`/user_management/users/${user.id}/auth_factors`)).body.data).toEqual([]);
    const done = await page.submit(wrong, { fields: { code: codeOf(secret, client.clock.now()) } });
    expect(done.leaves?.searchParams.get('code')).toBeTruthy();
    expect((await client.get(`/user_management/users/${user.id}/auth_factors`)).body.data).toHaveLength(1);
    client.clock.advance(minute);
    const next = browser();
    const asked = await next.submit(await next.get(authorizePath), {
      fields: { email: user.email, password },
    });
    expect(heading(asked)).toBe('One more code');
  });

  it('that nobody is asked for is not asked for, though it is enrolled', async () => {
    const user = await makeUser();
    await client.post(`/user_management/users/${user.id}/auth_factors`, { type: 'totp' });
    expect((await byPassword(user)).body.code).toBe('mfa_challenge');
    set({ mfa: 'off' });
    expect((await byPassword(user)).status).toBe(200);
  });
});

describe('lengths', () => {
  it('of sessions and access tokens are those that are set', async () => {
    const user = await makeUser();
    set({ session_length: '12h', access_token_length: 60 });
    const { body } = await byPassword(user);
    const claims = decodeJwt(body.access_token);
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(60);
    const [session] = (await client.get(`/user_management/users/${user.id}/sessions`)).body.data;
    expect(Date.parse(session.expires_at) - Date.parse(session.created_at)).toBe(12 * 60 * minute);
  });

  it('of silence end a session that is not refreshed in time', async () => {
    const user = await makeUser();
    set({ inactivity_timeout: '1h' });
    let { refresh_token } = (await byPassword(user)).body;
    const refresh = () => authenticate({ grant_type: 'refresh_token', refresh_token });
    for (let hour = 0; hour < 3; hour += 1) {
      client.clock.advance(59 * minute);
      const next = await refresh();
      expect(next.status).toBe(200);
      refresh_token = next.body.refresh_token;
    }
    client.clock.advance(60 * minute);
    expect((await refresh()).body.error).toBe('invalid_grant');
    expect((await client.get(`/user_management/users/${user.id}/sessions`)).body.data).toEqual([]);
    const ended = (await client.all('/events?events=session.revoked')).map(({ data }) => data.user_id);
    expect(ended).toContain(user.id);
  });
});

describe('impersonation', () => {
  it('signs in to the application as a user, and everybody can see who it really is', async () => {
    const user = await makeUser();
    const link = impersonate(client.server.host, environment(), {
      user: user.email,
      reason: 'Ticket 4711',
      impersonator: 'help@team.example',
    });
    expect(link.url).toBe(`${redirectUri}?code=${link.code}`);
    const signedIn = await authenticate({ grant_type: 'authorization_code', code: link.code });
    const impersonator = { email: 'help@team.example', reason: 'Ticket 4711' };
    expect(signedIn.body).toMatchObject({
      user: { id: user.id },
      authentication_method: 'Impersonation',
      impersonator,
    });
    expect(decodeJwt(signedIn.body.access_token)['act']).toEqual({ sub: 'help@team.example' });
    const [session] = (await client.get(`/user_management/users/${user.id}/sessions`)).body.data;
    expect(session).toMatchObject({ id: link.session_id, auth_method: 'impersonation', impersonator });
    const event = (await client.all('/events?events=session.created')).at(-1);
    expect(event.data).toMatchObject({ id: link.session_id, impersonator });
    const { refresh_token } = signedIn.body;
    client.clock.advance(59 * minute);
    const refreshed = await authenticate({ grant_type: 'refresh_token', refresh_token });
    expect(refreshed.body).toMatchObject({ impersonator });
    client.clock.advance(minute);
    const late = await authenticate({
      grant_type: 'refresh_token',
      refresh_token: refreshed.body.refresh_token,
    });
    expect(late.body.error).toBe('invalid_grant');
  });

  it('needs a user, one of their organizations where there are several, and a redirect URI that is registered', async () => {
    const { host } = client.server;
    const user = await makeUser();
    const codes = [
      { user: 'nobody@settings.example' },
      { user: user.id, organization: 'org_none' },
      { user: user.id, redirect_uri: 'https://evil.example/callback' },
    ].map((asked) => {
      try {
        return impersonate(host, environment(), { ...asked, reason: 'x' }).url;
      } catch (error) {
        return failureOf(error).code;
      }
    });
    expect(codes).toEqual(['usage', 'usage', 'usage']);
    const organizations: string[] = [];
    for (const name of ['One', 'Two']) {
      const { id } = (await client.post('/organizations', { name })).body;
      await client.post('/user_management/organization_memberships', {
        user_id: user.id,
        organization_id: id,
      });
      organizations.push(id);
    }
    expect(() => impersonate(host, environment(), { user: user.id, reason: 'x' })).toThrow(/several/);
    const [organization = ''] = organizations;
    const { code } = impersonate(host, environment(), { user: user.id, reason: 'x', organization });
    const { body } = await authenticate({ grant_type: 'authorization_code', code });
    expect(body.organization_id).toBe(organization);
  });
});

it('a database from before the settings has those of a new environment', () => {
  const other = new LocalClient();
  other.clock.advance(day);
  const { host } = other.server;
  expect(readSettings(host, findEnvironment(host, undefined))).toEqual(defaultSettings);
  other.server.close();
});
