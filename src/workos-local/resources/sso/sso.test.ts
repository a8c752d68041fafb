import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { minute } from '../../kit/clock.ts';
import { localAccount } from '../../seed/account.ts';
import { FileClient } from '../../testing/file-client.ts';
import type { Json, Reply } from '../../testing/local-client.ts';
import { northwind } from '../../testing/northwind.ts';
import { PageClient, type Visited } from '../../testing/page-client.ts';
import { actOnConnection, createConnection } from '../connections/connection.ts';
import { type ConnectionType, requireConnection } from '../connections/connections.table.ts';
import { beginSignIn, redeemSignInCode } from './sign-in.ts';

const callback = 'https://app.example/callback';
let client: FileClient;
let visitor: PageClient;
let organization: Json;
let connectionId: string;
beforeEach(async () => {
  client = FileClient.open();
  visitor = new PageClient(client.server);
  await client.post('/user_management/redirect_uris', { uri: callback });
  organization = await northwind(client);
  connectionId = connect('OktaSAML');
});
afterEach(() => client.close());

function connect(type: ConnectionType, organizationId: string | null = organization.id): string {
  return client.act((context) => createConnection(context, { organizationId, type }).id);
}

function authorizeUrl(more: Record<string, string> = { connection: connectionId }): string {
  const query = new URLSearchParams({
    client_id: localAccount.clientId,
    redirect_uri: callback,
    response_type: 'code',
    state: 'st & te',
    ...more,
  });
  return `/sso/authorize?${query.toString()}`;
}
const typed = (email: string, more: Record<string, string> = {}) => ({
  form: '.somebody',
  button: 'Sign in',
  fields: { email, ...more },
});
/** What the application finds at its redirect URI. */
const back = (page: Visited) => Object.fromEntries(page.leaves?.searchParams ?? []);
async function signIn(email = 'ada@northwind.example', url = authorizeUrl(), more = {}): Promise<string> {
  const page = await visitor.submit(await visitor.get(url), typed(email, more));
  const { code } = back(page);
  if (code === undefined) throw new Error(`There is no code: ${page.leaves?.href} ${page.text}`);
  return code;
}
function exchange(code: string, more: Record<string, string | null> = {}): Promise<Reply> {
  const fields = Object.entries({
    client_id: localAccount.clientId,
    client_secret: localAccount.apiKey,
    grant_type: 'authorization_code',
    code,
    ...more,
  }).filter((entry): entry is [string, string] => entry[1] !== null);
  return client.call('POST', '/sso/token', {
    key: null,
    text: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });
}
const profile = async (token: string) => client.get('/sso/profile', { key: token });

describe('single sign-on', () => {
  it('leads over the test identity provider to a code, a profile and a token', async () => {
    const page = await visitor.get(
      authorizeUrl({ connection: connectionId, login_hint: 'ada@northwind.example' }),
    );
    expect(page.$('#field-email').attr('value')).toBe('ada@northwind.example');
    const done = await visitor.submit(
      page,
      typed('ada@northwind.example', { first_name: 'Ada', groups: 'Eng, Ops' }),
    );
    expect(done.leaves?.origin).toBe('https://app.example');
    const { code, state } = back(done);
    expect(state).toBe('st & te');
    const { status, body } = await exchange(code ?? '');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 600,
      profile: {
        object: 'profile',
        organization_id: organization.id,
        connection_id: connectionId,
        connection_type: 'OktaSAML',
        email: 'ada@northwind.example',
        first_name: 'Ada',
        last_name: null,
        name: 'Ada',
        groups: ['Eng', 'Ops'],
        raw_attributes: { email: 'ada@northwind.example' },
      },
    });
    expect((await profile(body.access_token)).body).toEqual(body.profile);
  });

  it('takes the exchange as JSON, too', async () => {
    const body = {
      client_id: localAccount.clientId,
      client_secret: localAccount.apiKey,
      grant_type: 'authorization_code',
      code: await signIn(),
    };
    expect((await client.post('/sso/token', body, { key: null })).status).toBe(200);
  });

  it('knows somebody again, by their id at the provider', async () => {
    const first = (await exchange(await signIn())).body.profile;
    const again = (
      await exchange(await signIn('ADA@northwind.example', authorizeUrl(), { last_name: 'Ford' }))
    ).body;
    expect(again.profile).toMatchObject({ id: first.id, idp_id: first.idp_id, last_name: 'Ford' });
    const other = (await exchange(await signIn('bob@northwind.example'))).body.profile;
    expect(other.id).not.toBe(first.id);
    const picked = await visitor.get(authorizeUrl());
    expect(picked.$('.choices .badge').length).toBe(1);
    const renamed = await signIn('countess@northwind.example', authorizeUrl(), { idp_id: first.idp_id });
    expect((await exchange(renamed)).body.profile).toMatchObject({
      id: first.id,
      email: 'countess@northwind.example',
    });
  });

  it('offers the members of the organization, with what the directory knows of them and their role', async () => {
    const [seeded] = (await client.get('/connections?domain=harborlight.example')).body.data;
    const page = await visitor.get(authorizeUrl({ organization: seeded.organization_id }));
    const mara = page.$('.choices button').filter((_, each) => page.$(each).text().includes('mara@'));
    const done = await visitor.submit(page, { button: mara.text().trim() });
    expect((await exchange(back(done)['code'] ?? '')).body.profile).toMatchObject({
      idp_id: 'hl-0001',
      first_name: 'Mara',
      groups: ['Everyone', 'Leads'],
      role: { slug: 'admin' },
      roles: [{ slug: 'admin' }],
    });
  });

  it('goes by a social provider, which belongs to no organization', async () => {
    const code = await signIn('anybody@else.example', authorizeUrl({ provider: 'GoogleOAuth' }));
    const { body } = await exchange(code);
    expect(body.profile).toMatchObject({ organization_id: null, connection_type: 'GoogleOAuth' });
    const again = await exchange(
      await signIn('anybody@else.example', authorizeUrl({ provider: 'GoogleOAuth' })),
    );
    expect(again.body.profile.id).toBe(body.profile.id);
  });

  it('goes back with an error when somebody refuses, or the provider fails', async () => {
    const press = async (button: string) =>
      back(await visitor.submit(await visitor.get(authorizeUrl()), { form: 'form.row', button }));
    expect(await press('Refuse to sign in')).toMatchObject({ error: 'access_denied', state: 'st & te' });
    expect(await press('Fail with an error')).toMatchObject({ error: 'server_error' });
  });

  it('lets nobody in whose address is outside of the organization, unless it says so', async () => {
    const stranger = async () =>
      back(await visitor.submit(await visitor.get(authorizeUrl()), typed('eve@evil.example')));
    expect(await stranger()).toMatchObject({ error: 'profile_not_allowed_outside_organization' });
    await client.put(`/organizations/${organization.id}`, { allow_profiles_outside_organization: true });
    expect((await stranger())['code']).toBeDefined();
  });

  it.each([
    ['connection_invalid', { connection: 'conn_none' }],
    ['organization_invalid', { organization: 'org_none' }],
    ['domain_connection_selector_not_allowed', { domain: 'northwind.example' }],
    ['invalid_connection_selector', {}],
  ])('tells the application %s', async (error, selector) => {
    expect(back(await visitor.get(authorizeUrl(selector)))).toMatchObject({ error, state: 'st & te' });
  });

  it('tells the application of connections that are off, and of an organization with two or none', async () => {
    const error = async (selector: Record<string, string>) =>
      back(await visitor.get(authorizeUrl(selector)))['error'];
    const ofOrganization = { organization: organization.id };
    connect('GoogleSAML');
    expect(await error(ofOrganization)).toBe('ambiguous_connection_selector');
    client.act((context) => actOnConnection(context, requireConnection(context, connectionId), 'deactivate'));
    expect(await error({ connection: connectionId })).toBe('connection_unlinked');
    expect(await error(ofOrganization)).toBeUndefined();
    const empty = (await client.post('/organizations', { name: 'Empty' })).body;
    expect(await error({ organization: empty.id })).toBe('organization_invalid');
  });

  it('sends nobody to a URI that is not registered', async () => {
    for (const redirect_uri of ['https://evil.example/callback', `${callback}/more`, 'javascript:alert(1)']) {
      const { status, body, headers } = await client.get(
        authorizeUrl({ connection: connectionId, redirect_uri }),
        { key: null },
      );
      expect([status, body.code, headers['location']]).toEqual([400, 'invalid_redirect_uri', undefined]);
    }
  });

  it('has codes that are good once, for ten minutes, and for the client they were made for', async () => {
    const code = await signIn();
    for (const [more, error] of [
      [{ client_secret: 'sk_test_wrong' }, 'invalid_client'],
      [{ client_secret: null }, 'invalid_client'],
      [{ client_id: 'client_none' }, 'invalid_client'],
      [{ code: 'forged' }, 'invalid_grant'],
    ] as const) {
      const { status, body } = await exchange(code, more);
      expect([status, body.error]).toEqual([400, error]);
    }
    expect((await exchange(code, { grant_type: 'password' })).status).toBe(422);
    expect((await exchange(code)).status).toBe(200);
    expect((await exchange(code)).body.error).toBe('invalid_grant');
    const late = await signIn();
    client.clock.advance(10 * minute);
    expect((await exchange(late)).body.error).toBe('invalid_grant');
  });

  it('takes no code of another environment', async () => {
    const key = 'sk_test_sso_other';
    await client.get('/organizations', { key });
    const other = client.database.get<{ client_id: string }>(
      "SELECT client_id FROM environments WHERE client_id <> 'client_localhost'",
    );
    const code = await signIn();
    const theirs = await exchange(code, { client_id: other?.client_id ?? '', client_secret: key });
    expect(theirs.body.error).toBe('invalid_grant');
    expect((await exchange(code)).status).toBe(200);
    const foreign = authorizeUrl({ client_id: other?.client_id ?? '', connection: connectionId });
    expect((await client.get(foreign, { key: null })).body.code).toBe('invalid_redirect_uri');
  });

  it('proves by PKCE that it is the same client, with a secret and without', async () => {
    const verifier = 'v'.repeat(43);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const url = authorizeUrl({
      connection: connectionId,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    const code = await signIn(undefined, url);
    expect((await exchange(code, { client_secret: null })).body.error).toBe('invalid_grant');
    expect((await exchange(code, { code_verifier: 'w'.repeat(43) })).body.error).toBe('invalid_grant');
    expect((await exchange(code, { client_secret: null, code_verifier: verifier })).status).toBe(200);
    const plain = authorizeUrl({ connection: connectionId, code_challenge_method: 'plain' });
    expect((await client.get(plain, { key: null })).status).toBe(422);
  });

  it('has access tokens that open the profile for ten minutes', async () => {
    const { access_token: token } = (await exchange(await signIn())).body;
    for (const wrong of ['x', localAccount.apiKey, null]) {
      const { status, body } = await client.get('/sso/profile', { key: wrong });
      expect([status, body.error]).toEqual([401, 'Unauthorized']);
    }
    client.clock.advance(10 * minute);
    expect((await profile(token)).status).toBe(401);
  });

  it('has sign-ins that are over once they have been answered, or after half an hour', async () => {
    const page = await visitor.get(authorizeUrl());
    await visitor.submit(page, typed('ada@northwind.example'));
    expect((await visitor.submit(page, typed('ada@northwind.example'))).status).toBe(410);
    const slow = await visitor.get(authorizeUrl());
    client.clock.advance(30 * minute);
    expect((await visitor.submit(slow, typed('ada@northwind.example'))).status).toBe(410);
    expect((await visitor.get('/_idp/sign-in?token=forged')).status).toBe(410);
  });

  it('asks again for an address that is none', async () => {
    const page = await visitor.submit(await visitor.get(authorizeUrl()), typed('ada', { first_name: 'Ada' }));
    expect([page.status, page.$('.problem').text(), page.$('#field-first_name').attr('value')]).toEqual([
      422,
      'This is no e-mail address.',
      'Ada',
    ]);
    expect(back(await visitor.submit(page, typed('ada@northwind.example')))['code']).toBeDefined();
  });

  it('is a seam for the hosted sign-in, whose codes are nobody else’s', async () => {
    const begin = () =>
      client.act((context) =>
        beginSignIn(context, {
          connection: requireConnection(context, connectionId),
          audience: 'user_management',
          comeBackTo: `${context.baseUrl}/come-back`,
          state: 'flow',
          loginHint: null,
          codeChallenge: null,
        }),
      );
    const page = await visitor.submit(await visitor.get(begin()), typed('ada@northwind.example'));
    expect(page.url.pathname).toBe('/come-back');
    const { code, state } = Object.fromEntries(page.url.searchParams);
    expect(state).toBe('flow');
    expect((await exchange(code ?? '')).body.error).toBe('invalid_grant');
    const redeem = () => client.act((context) => redeemSignInCode(context, code ?? '', 'user_management'));
    expect(redeem()?.email).toBe('ada@northwind.example');
    expect(redeem()).toBeNull();
  });
});

describe('single logout', () => {
  it('makes the identity provider forget who is there', async () => {
    const oidc = connect('GenericOIDC');
    const url = authorizeUrl({ connection: oidc });
    const { id } = (await exchange(await signIn(undefined, url))).body.profile;
    expect((await visitor.get(url)).$('.choices .badge').length).toBe(1);
    const { status, body } = await client.post('/sso/logout/authorize', { profile_id: id });
    expect(status).toBe(200);
    expect(body.logout_url).toContain(`/sso/logout?token=${body.logout_token}`);
    const out = await visitor.get(body.logout_url);
    expect(out.$('h1').text()).toBe('You are signed out');
    expect((await visitor.get(url)).$('.choices .badge').length).toBe(0);
    expect((await client.get(`/sso/logout?token=${body.logout_token}`, { key: null })).status).toBe(404);
    expect((await visitor.get(`/_idp/sign-out?token=${body.logout_token}`)).status).toBe(410);
  });

  it('is for OpenID Connect, with a token that expires', async () => {
    const { id } = (await exchange(await signIn())).body.profile;
    const saml = await client.post('/sso/logout/authorize', { profile_id: id });
    expect([saml.status, saml.body.error]).toEqual([400, 'connection_invalid']);
    expect((await client.post('/sso/logout/authorize', { profile_id: 'prof_none' })).status).toBe(404);
    expect((await client.get('/sso/logout?token=forged', { key: null })).status).toBe(404);
    const oidc = connect('OktaOIDC');
    const code = await signIn(undefined, authorizeUrl({ connection: oidc }));
    const profileId = (await exchange(code)).body.profile.id;
    const { logout_token: token } = (await client.post('/sso/logout/authorize', { profile_id: profileId }))
      .body;
    client.clock.advance(10 * minute);
    expect((await client.get(`/sso/logout?token=${token}`, { key: null })).status).toBe(404);
  });
});
