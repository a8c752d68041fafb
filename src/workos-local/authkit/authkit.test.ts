import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from '../index.ts';
import { codeOf } from '../testing/authenticator.ts';
import { FileClient } from '../testing/file-client.ts';
import type { Json } from '../testing/local-client.ts';
import { PageClient, type Visited } from '../testing/page-client.ts';
import { quickPassword } from '../testing/quick-password.ts';

const password = 'seven quiet rivers';
const redirectUri = 'https://app.example/callback';
const confidential = { client_id: localAccount.clientId, client_secret: localAccount.apiKey };

let client: FileClient;
beforeAll(async () => {
  client = FileClient.open();
  await client.post('/user_management/redirect_uris', { uri: redirectUri });
});
afterAll(() => {
  client.close();
});

let made = 0;
const address = () => {
  made += 1;
  return `visitor-${made}@authkit.example`;
};

async function makeUser(fields: object = {}): Promise<Json> {
  return (
    await client.post('/user_management/users', {
      email: address(),
      email_verified: true,
      ...quickPassword(password),
      ...fields,
    })
  ).body;
}

async function makeMember(user: Json, name: string): Promise<Json> {
  const organization = (await client.post('/organizations', { name })).body;
  await client.post('/user_management/organization_memberships', {
    user_id: user.id,
    organization_id: organization.id,
  });
  return organization;
}

const authorizePath = (query: Record<string, string> = {}) =>
  `/user_management/authorize?${new URLSearchParams({
    client_id: localAccount.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    provider: 'authkit',
    ...query,
  }).toString()}`;

const browser = () => new PageClient(client.server);
const heading = (visited: Visited) => visited.$('h1').text();
const problem = (visited: Visited) => visited.$('[role=alert], .problem').first().text();
const lastMailTo = (email: string) => client.mailTo(email).at(-1);

async function exchange(visited: Visited, more: object = {}) {
  const code = visited.leaves?.searchParams.get('code');
  return client.post(
    '/user_management/authenticate',
    { ...confidential, grant_type: 'authorization_code', code, ...more },
    { key: null },
  );
}

async function signIn(tab: PageClient, user: Json, query: Record<string, string> = {}): Promise<Visited> {
  const first = await tab.get(authorizePath(query));
  return tab.submit(first, { fields: { email: user.email, password }, button: 'Sign in' });
}

describe('the authorize URL', () => {
  it('leads to sign-in, and back to the application with a code and its state', async () => {
    const user = await makeUser();
    const back = await signIn(browser(), user, { state: 'x y/1' });
    expect(back.leaves?.origin).toBe('https://app.example');
    expect(back.leaves?.searchParams.get('state')).toBe('x y/1');
    const { status, body } = await exchange(back);
    expect(status).toBe(200);
    expect(body).toMatchObject({ user: { id: user.id }, authentication_method: 'Password' });
  });

  it('never leads to a URI that is not registered, whatever else is wrong', async () => {
    for (const uri of [
      'https://evil.example/',
      `${redirectUri}/`,
      'https://app.example.evil.example/callback',
    ]) {
      const visited = await browser().get(authorizePath({ redirect_uri: uri }));
      expect(visited.leaves).toBeNull();
      expect(heading(visited)).toBe('This is not a registered redirect URI');
      expect(visited.text).toContain('/user_management/redirect_uris');
    }
    const html = await browser().get(
      authorizePath({ redirect_uri: 'https://a.example/"><script>x</script>' }),
    );
    expect(html.text).not.toContain('<script>');
  });

  it.each([
    [{ provider: '' }, 'invalid_connection_selector'],
    [{ organization_id: 'org_none' }, 'organization_invalid'],
    [{ code_challenge: 'x' }, 'invalid_request'],
  ])('tells the application what is wrong with %j', async (query, error) => {
    const { leaves } = await browser().get(authorizePath({ ...query, state: 's' }));
    expect([leaves?.searchParams.get('error'), leaves?.searchParams.get('state')]).toEqual([error, 's']);
    expect(leaves?.searchParams.get('error_description')).toBeTruthy();
  });

  it('is of a client that is there', async () => {
    const path = authorizePath({ client_id: 'client_none' });
    expect((await client.get(path, { key: null })).body.error).toBe('invalid_client');
  });

  it('goes over a social provider, whose user is made and linked', async () => {
    const visitor = browser();
    const page = await visitor.get(authorizePath({ provider: 'GoogleOAuth', state: 's' }));
    expect(page.url.pathname).toBe('/_idp/sign-in');
    const typed = { form: '.somebody', button: 'Sign in' };
    const done = await visitor.submit(page, {
      ...typed,
      fields: { email: 'new@social.example', first_name: 'Nia' },
    });
    expect(done.leaves?.searchParams.get('state')).toBe('s');
    const { body } = await exchange(done);
    expect(body).toMatchObject({
      authentication_method: 'GoogleOAuth',
      user: { email: 'new@social.example', first_name: 'Nia', email_verified: true },
    });
    const identities = (await client.get(`/user_management/users/${body.user.id}/identities`)).body;
    expect(identities).toMatchObject([{ provider: 'GoogleOAuth', type: 'OAuth' }]);
    const again = await visitor.get(authorizePath({ provider: 'GoogleOAuth' }));
    const back = await visitor.submit(again, { ...typed, fields: { email: 'new@social.example' } });
    expect((await exchange(back)).body.user.id).toBe(body.user.id);
  });

  it('goes over the connection of an organization, whose members are made as they come', async () => {
    const visitor = browser();
    const [connection] = (await client.get('/connections?domain=harborlight.example')).body.data;
    const typed = { form: '.somebody', button: 'Sign in' };
    const page = await visitor.get(
      authorizePath({ provider: '', organization_id: connection.organization_id }),
    );
    const done = await visitor.submit(page, { ...typed, fields: { email: 'fresh@harborlight.example' } });
    const { body } = await exchange(done);
    expect(body).toMatchObject({
      authentication_method: 'SSO',
      organization_id: connection.organization_id,
      user: { email: 'fresh@harborlight.example', email_verified: true },
    });
    const told = (await client.events()).find(({ event }) => event === 'authentication.sso_succeeded');
    expect(told?.data).toMatchObject({ user_id: body.user.id, sso: { connection_id: connection.id } });
    const refused = await visitor.get(
      authorizePath({ provider: '', connection_id: connection.id, state: 's' }),
    );
    const back = await visitor.submit(refused, { form: 'form.row', button: 'Refuse to sign in' });
    expect(Object.fromEntries(back.leaves?.searchParams ?? [])).toMatchObject({
      error: 'access_denied',
      state: 's',
    });
    const unknown = await visitor.get(
      authorizePath({ provider: '', connection_id: 'conn_none', state: 's' }),
    );
    expect(unknown.leaves?.searchParams.get('error')).toBe('connection_invalid');
  });

  it('lets no organization’s provider sign in a guest it has not invited', async () => {
    const visitor = browser();
    const [connection] = (await client.get('/connections?domain=harborlight.example')).body.data;
    const policy = { allow_profiles_outside_organization: true };
    await client.put(`/organizations/${connection.organization_id}`, policy);
    const victim = await makeUser();
    const page = await visitor.get(authorizePath({ provider: '', connection_id: connection.id }));
    const typed = { form: '.somebody', button: 'Sign in', fields: { email: victim.email } };
    const done = await visitor.submit(page, typed);
    expect([done.status, done.leaves]).toEqual([400, null]);
  });

  it('with PKCE gives a code that only its verifier turns into tokens', async () => {
    const verifier = 'v'.repeat(43);
    const code_challenge = createHash('sha256').update(verifier).digest('base64url');
    const user = await makeUser();
    const pkce = { code_challenge, code_challenge_method: 'S256' };
    const back = await signIn(browser(), user, pkce);
    const open = { client_secret: undefined };
    expect((await exchange(back, open)).body.error).toBe('invalid_grant');
    expect((await exchange(back, { ...open, code_verifier: 'w'.repeat(43) })).body.error).toBe(
      'invalid_grant',
    );
    const { body } = await exchange(back, { ...open, code_verifier: verifier });
    expect(body.user.id).toBe(user.id);
    const refreshed = await client.post('/user_management/authenticate', {
      client_id: localAccount.clientId,
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token,
    });
    expect(refreshed.status).toBe(200);
  });

  it('gives codes that are good once, for ten minutes, and not without a secret', async () => {
    const user = await makeUser();
    const once = await signIn(browser(), user);
    expect((await exchange(once, { client_secret: undefined })).body.error).toBe('invalid_client');
    expect((await exchange(once, { code_verifier: 'v'.repeat(43) })).body.code).toBe(
      'code_challenge_not_found',
    );
    const { refresh_token } = (await exchange(once)).body;
    expect((await exchange(once)).body.error).toBe('invalid_grant');
    // Two have had the code: the session is over for both.
    const after = await client.post('/user_management/authenticate', {
      ...confidential,
      grant_type: 'refresh_token',
      refresh_token,
    });
    expect(after.body.error).toBe('invalid_grant');
    const late = await signIn(browser(), user);
    client.clock.advance(10 * 60_000);
    expect((await exchange(late)).body.error).toBe('invalid_grant');
    expect((await exchange(late, { code: 'x'.repeat(25) })).body.error).toBe('invalid_grant');
  });
});

describe('the sign-in page', () => {
  it('says that something is wrong, not what, and keeps the address', async () => {
    const user = await makeUser();
    const tab = browser();
    const first = await tab.get(authorizePath());
    const refused = await tab.submit(first, {
      fields: { email: user.email, password: 'wrong' },
      button: 'Sign in',
    });
    expect(refused.status).toBe(422);
    expect(problem(refused)).toBe('The e-mail address or the password is wrong.');
    expect(refused.$('[name=email]').val()).toBe(user.email);
    expect(refused.$('[name=password]').val()).toBe('');
    expect((await tab.submit(refused, { fields: { password } })).leaves).not.toBeNull();
  });

  it('escapes what was typed', async () => {
    const tab = browser();
    const refused = await tab.submit(await tab.get(authorizePath()), {
      fields: { email: '"><script>alert(1)</script>', password: 'x' },
    });
    expect(refused.text).not.toContain('<script>');
    expect(refused.$('[name=email]').val()).toBe('"><script>alert(1)</script>');
  });

  it('takes no form that another site sent, nor one of another browser', async () => {
    const user = await makeUser();
    const tab = browser();
    const first = await tab.get(authorizePath());
    const forged = await client.server.handle({
      method: 'POST',
      path: `${first.url.pathname}/password`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ email: user.email, password }).toString(),
    });
    expect(forged.status).toBe(403);
    expect(heading(await browser().get(first.url))).toBe('This sign-in began in another browser');
  });

  it('is there for an hour, and not for a visit that is over or was made up', async () => {
    const user = await makeUser();
    const tab = browser();
    const first = await tab.get(authorizePath());
    await tab.submit(first, { fields: { email: user.email, password } });
    expect(heading(await tab.get(first.url))).toBe('This sign-in is over');
    expect((await tab.get('/authkit/none')).status).toBe(404);
    const late = await browser().get(authorizePath());
    client.clock.advance(60 * 60_000);
    expect((await browser().get(late.url)).status).toBe(410);
  });

  it('takes a code by e-mail in place of a password', async () => {
    const user = await makeUser({ password_hash: undefined, password_hash_type: undefined });
    const tab = browser();
    const first = await tab.get(authorizePath({ login_hint: user.email }));
    const page = await tab.submit(first, { button: 'E-mail me a code' });
    expect(heading(page)).toBe('Check your e-mail');
    const code = lastMailTo(user.email)?.code ?? '';
    const wrong = await tab.submit(page, { fields: { code: code === '000000' ? '000001' : '000000' } });
    expect(problem(wrong)).toBe('This is not the code.');
    const back = await tab.submit(wrong, { fields: { code: `${code.slice(0, 3)} ${code.slice(3)}` } });
    expect((await exchange(back)).body).toMatchObject({
      user: { id: user.id },
      authentication_method: 'MagicAuth',
    });
  });

  it('sends no code to what is no address', async () => {
    const tab = browser();
    const refused = await tab.submit(await tab.get(authorizePath()), {
      fields: { email: 'nobody' },
      button: 'E-mail me a code',
    });
    expect(problem(refused)).toBe('Type your e-mail address, and a code goes to it.');
  });
});

describe('signing up', () => {
  const signUp = (tab: PageClient, page: Visited, fields: Record<string, string>) =>
    tab.submit(page, { fields: { first_name: 'Ada', last_name: 'Ford', password, ...fields } });

  it('makes a user, who shows that the address is theirs before they are in', async () => {
    const tab = browser();
    const email = address();
    const first = await tab.get(authorizePath({ screen_hint: 'sign-up', login_hint: email }));
    expect(first.$('[name=email]').val()).toBe(email);
    const verify = await signUp(tab, first, {});
    expect(heading(verify)).toBe('Verify your e-mail address');
    expect(client.mailTo(email)).toHaveLength(1);
    // Looking at the page again sends nothing.
    const looked = await tab.get(verify.url);
    expect(client.mailTo(email)).toHaveLength(1);
    const again = await tab.submit(looked, { form: 'form[action$=resend]' });
    expect(again.$('[role=status]').text()).toBe('Another code is on its way.');
    expect(client.mailTo(email)).toHaveLength(2);
    const refused = await tab.submit(again, { fields: { code: '1' } });
    expect(problem(refused)).toBe('This is not the code.');
    const back = await tab.submit(refused, { fields: { code: lastMailTo(email)?.code ?? '' } });
    expect((await exchange(back)).body.user).toMatchObject({
      email,
      first_name: 'Ada',
      last_name: 'Ford',
      email_verified: true,
    });
  });

  it('says what is wrong with an address or a password', async () => {
    const user = await makeUser();
    const tab = browser();
    const page = await tab.get(authorizePath({ screen_hint: 'sign-up' }));
    expect((await signUp(tab, page, { email: 'ada' })).text).toContain('This is no e-mail address.');
    expect((await signUp(tab, page, { email: user.email.toUpperCase() })).text).toContain(
      'There is an account with this address already.',
    );
    const weak = await signUp(tab, page, { email: address(), password: 'password12' });
    expect(weak.text).toContain('The password is easy to guess.');
    expect(weak.text).not.toContain('password12');
  });
});

describe('the steps after a password', () => {
  it('are a code of the second factor, then which organization', async () => {
    const user = await makeUser();
    await makeMember(user, 'Northwind');
    const south = await makeMember(user, 'Southwind & <Sons>');
    const { authentication_factor: factor } = (
      await client.post(`/user_management/users/${user.id}/auth_factors`, { type: 'totp' })
    ).body;
    const tab = browser();
    const second = await signIn(tab, user);
    expect(heading(second)).toBe('One more code');
    const refused = await tab.submit(second, { fields: { code: '12' } });
    expect(problem(refused)).toBe('This is not the code.');
    const choice = await tab.submit(refused, {
      fields: { code: codeOf(factor.totp.secret, client.clock.now()) },
    });
    expect(heading(choice)).toBe('Choose an organization');
    expect(choice.text).not.toContain('<Sons>');
    const back = await tab.submit(choice, { button: 'Southwind & <Sons>' });
    expect((await exchange(back)).body.organization_id).toBe(south.id);
  });

  it('end with five wrong codes', async () => {
    const user = await makeUser();
    await client.post(`/user_management/users/${user.id}/auth_factors`, { type: 'totp' });
    const tab = browser();
    let page = await signIn(tab, user);
    for (let attempt = 0; attempt < 6; attempt += 1)
      page = await tab.submit(page, { fields: { code: '000000' } });
    expect(problem(page)).toBe('Too many wrong codes were given in place of this one.');
  });

  it('take no organization that is not the user’s', async () => {
    const user = await makeUser();
    await makeMember(user, 'Northwind');
    await makeMember(user, 'Southwind');
    const elsewhere = (await client.post('/organizations', { name: 'Elsewhere' })).body;
    const tab = browser();
    const choice = await signIn(tab, user);
    choice.$('button').first().attr('value', elsewhere.id);
    expect((await tab.submit(choice)).status).toBe(422);
    const direct = await signIn(browser(), user, { organization_id: elsewhere.id });
    expect([direct.status, direct.leaves]).toEqual([400, null]);
  });

  it('are none with an organization the application asked for', async () => {
    const user = await makeUser();
    await makeMember(user, 'Northwind');
    const south = await makeMember(user, 'Southwind');
    const back = await signIn(browser(), user, { organization_id: south.id });
    expect((await exchange(back)).body.organization_id).toBe(south.id);
  });
});

describe('a browser somebody has signed in with', () => {
  it('goes on without asking, until they log out, or the application asks for it', async () => {
    const user = await makeUser();
    const tab = browser();
    const { access_token } = (await exchange(await signIn(tab, user))).body;
    const again = await tab.get(authorizePath({ state: 'again' }));
    expect(again.leaves?.searchParams.get('state')).toBe('again');
    const second = (await exchange(again)).body;
    expect(decodeJwt(second.access_token)['sid']).toBe(decodeJwt(access_token)['sid']);
    expect(heading(await tab.get(authorizePath({ prompt: 'login' })))).toBe('Sign in');
    const sid = String(decodeJwt(access_token)['sid']);
    const out = await tab.get(
      `/user_management/sessions/logout?${new URLSearchParams({ session_id: sid }).toString()}`,
    );
    expect(heading(out)).toBe('You are signed out');
    expect(heading(await tab.get(authorizePath()))).toBe('Sign in');
  });

  it('moves to another of their organizations when the application asks for it', async () => {
    const user = await makeUser();
    const north = await makeMember(user, 'Northwind');
    const tab = browser();
    expect((await exchange(await signIn(tab, user))).body.organization_id).toBe(north.id);
    const south = await makeMember(user, 'Southwind');
    const moved = await tab.get(authorizePath({ organization_id: south.id }));
    expect((await exchange(moved)).body.organization_id).toBe(south.id);
  });
});

describe('an invitation', () => {
  it('leads who is new through sign-up to the application, as a member', async () => {
    const { id: organization_id } = (await client.post('/organizations', { name: 'Inviting' })).body;
    const email = address();
    const inviter = await makeUser({ first_name: 'Mara', last_name: 'Lind' });
    await client.post('/user_management/invitations', {
      email,
      organization_id,
      inviter_user_id: inviter.id,
    });
    const tab = browser();
    const first = await tab.get(lastMailTo(email)?.link ?? '');
    expect(heading(first)).toBe('Create an account');
    expect(first.$('.notice').text()).toBe('Mara Lind invites you to Inviting.');
    const verify = await tab.submit(first, { fields: { password } });
    const back = await tab.submit(verify, { fields: { code: lastMailTo(email)?.code ?? '' } });
    expect(back.leaves?.href).toMatch(/^http:\/\/localhost:3000\/callback\?code=/);
    expect((await exchange(back)).body).toMatchObject({ organization_id, user: { email } });
    const spent = await browser().get(client.mailTo(email)[0]?.link ?? '');
    expect(spent.status).toBe(410);
    expect((await browser().get('/invite?invitation_token=none')).status).toBe(404);
  });

  it('leads who has an account through sign-in', async () => {
    const { id: organization_id } = (await client.post('/organizations', { name: 'Inviting' })).body;
    const user = await makeUser();
    await client.post('/user_management/invitations', { email: user.email, organization_id });
    const tab = browser();
    const first = await tab.get(lastMailTo(user.email)?.link ?? '');
    const back = await tab.submit(first, { fields: { password }, button: 'Sign in' });
    expect((await exchange(back)).body.organization_id).toBe(organization_id);
  });

  it('is nothing for somebody else', async () => {
    const { id: organization_id } = (await client.post('/organizations', { name: 'Inviting' })).body;
    const stranger = await makeUser();
    const email = 'invited@elsewhere.example';
    await client.post('/user_management/invitations', { email, organization_id });
    const tab = browser();
    const first = await tab.follow(await tab.get(lastMailTo(email)?.link ?? ''), 'Sign in');
    const refused = await tab.submit(first, {
      fields: { email: stranger.email, password },
      button: 'Sign in',
    });
    expect([refused.status, refused.leaves]).toEqual([400, null]);
    expect(refused.text).toContain('The invitation is for somebody else.');
  });
});

describe('a device', () => {
  const begin = async () =>
    (
      await client.post(
        '/user_management/authorize/device',
        { client_id: localAccount.clientId },
        { key: null },
      )
    ).body;
  const poll = (device_code: string) =>
    client.post(
      '/user_management/authenticate',
      {
        client_id: localAccount.clientId,
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code,
      },
      { key: null },
    );

  it('is signed in once its code is confirmed, and once', async () => {
    const user = await makeUser();
    const north = await makeMember(user, 'Northwind');
    const device = await begin();
    expect(device).toMatchObject({
      user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
      verification_uri: 'http://localhost:4100/device',
      expires_in: 300,
      interval: 5,
    });
    expect((await poll(device.device_code)).body.error).toBe('authorization_pending');
    const tab = browser();
    const entry = await tab.get(device.verification_uri);
    const wrong = await tab.submit(entry, { form: 'form', fields: { user_code: 'AAAA-AAAA' } });
    expect(problem(wrong)).toBe('This code is not right, or has expired.');
    const typed = device.user_code.replace('-', '').toLowerCase();
    const asked = await tab.submit(wrong, { form: 'form', fields: { user_code: typed } });
    expect(heading(asked)).toBe('Sign in');
    const confirm = await tab.submit(asked, { fields: { email: user.email, password }, button: 'Sign in' });
    expect(confirm.text).toContain(device.user_code);
    expect(confirm.text).toContain(user.email);
    expect(heading(await tab.submit(confirm, { button: 'Yes, confirm' }))).toBe('Your device is signed in');
    client.clock.advance(5000);
    const { body } = await poll(device.device_code);
    expect(body).toMatchObject({ user: { id: user.id }, organization_id: north.id });
    expect((await poll(device.device_code)).body.error).toBe('invalid_grant');
    // It has no secret, and refreshes without.
    const refreshed = await client.post('/user_management/authenticate', {
      client_id: localAccount.clientId,
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token,
    });
    expect(refreshed.status).toBe(200);
  });

  it('is refused when its user says no, when it asks too often, and after five minutes', async () => {
    const user = await makeUser();
    const tab = browser();
    await signIn(tab, user);
    const denied = await begin();
    const confirm = await tab.get(denied.verification_uri_complete);
    await tab.submit(confirm, { button: 'No, it does not' });
    expect((await poll(denied.device_code)).body.error).toBe('access_denied');
    const hasty = await begin();
    expect((await poll(hasty.device_code)).body.error).toBe('authorization_pending');
    expect((await poll(hasty.device_code)).body.error).toBe('slow_down');
    client.clock.advance(5000);
    expect((await poll(hasty.device_code)).body.error).toBe('slow_down');
    client.clock.advance(15_000);
    expect((await poll(hasty.device_code)).body.error).toBe('authorization_pending');
    client.clock.advance(300_000);
    expect((await poll(hasty.device_code)).body.error).toBe('expired_token');
    expect((await poll('none')).body.error).toBe('invalid_grant');
    expect((await tab.get(hasty.verification_uri_complete)).status).toBe(422);
  });

  it('is of a client that is there', async () => {
    expect(
      (await client.post('/user_management/authorize/device', { client_id: 'client_none' }, { key: null }))
        .body.error,
    ).toBe('invalid_client');
  });
});

describe('a forgotten password', () => {
  it('is set anew by the link that goes to the address, which ends every session', async () => {
    const user = await makeUser();
    const { refresh_token } = (await exchange(await signIn(browser(), user))).body;
    const tab = browser();
    const forgot = await tab.follow(await tab.get(authorizePath()), 'Forgot your password?');
    const nobody = await tab.submit(forgot, { fields: { email: 'nobody@authkit.example' } });
    const sent = await tab.submit(forgot, { fields: { email: user.email } });
    expect(heading(nobody)).toBe(heading(sent));
    const link = lastMailTo(user.email)?.link ?? '';
    const other = browser();
    const weak = await other.submit(await other.get(link), { fields: { password: 'short' } });
    expect(weak.status).toBe(422);
    expect(problem(weak)).toContain('A password has 10 or more characters.');
    const done = await other.submit(weak, { fields: { password: 'nine lazy otters' } });
    expect(heading(done)).toBe('Your password is set');
    expect((await other.get(link)).status).toBe(400);
    expect((await other.get('/authkit/reset-password?token=none')).status).toBe(404);
    const first = await tab.get(authorizePath());
    const old = await tab.submit(first, { fields: { email: user.email, password }, button: 'Sign in' });
    expect(old.status).toBe(422);
    const back = await tab.submit(old, { fields: { password: 'nine lazy otters' } });
    expect((await exchange(back)).status).toBe(200);
    const refreshed = await client.post('/user_management/authenticate', {
      ...confidential,
      grant_type: 'refresh_token',
      refresh_token,
    });
    expect(refreshed.body.error).toBe('invalid_grant');
  });
});
