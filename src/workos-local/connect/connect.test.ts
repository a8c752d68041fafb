import { createHash } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { minute } from '../kit/clock.ts';
import { setLoginUri } from '../resources/connect-oauth/requests.table.ts';
import { localAccount } from '../seed/account.ts';
import { FileClient } from '../testing/file-client.ts';
import type { Json } from '../testing/local-client.ts';
import { PageClient, type Visited } from '../testing/page-client.ts';

const callback = 'https://forum.example/callback';
const user = { email: 'reader@forum.example', password: 'seven quiet rivers' };
let client: FileClient;
let visitor: PageClient;
let organization: Json;
let userId: string;
let forum: Json;
let secret: string;
beforeEach(async () => {
  client = FileClient.open();
  visitor = new PageClient(client.server);
  organization = (await client.post('/organizations', { name: 'Northwind' })).body;
  userId = (await client.post('/user_management/users', { ...user, email_verified: true })).body.id;
  ({ application: forum, secret } = await makeApplication({
    is_first_party: false,
    organization_id: organization.id,
  }));
});
afterEach(() => client.close());

async function makeApplication(more: object): Promise<{ application: Json; secret: string }> {
  const { body: application } = await client.post('/connect/applications', {
    name: 'Forum',
    application_type: 'oauth',
    redirect_uris: [{ uri: callback }],
    scopes: ['posts:read'],
    ...more,
  });
  const made = await client.post(`/connect/applications/${application.id}/client_secrets`, {});
  return { application, secret: made.body.secret };
}

function authorizeUrl(more: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: forum.client_id,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid email offline_access posts:read',
    state: 'st',
    nonce: 'n',
    ...more,
  });
  return `/oauth2/authorize?${query.toString()}`;
}
/** Signs in on the hosted pages if they ask. */
async function visit(url = authorizeUrl()): Promise<Visited> {
  const page = await visitor.get(url);
  if (!page.url.pathname.startsWith('/authkit/')) return page;
  return visitor.submit(page, { fields: user });
}
const back = (page: Visited) => Object.fromEntries(page.leaves?.searchParams ?? []);
async function codeOf(url?: string): Promise<string> {
  const page = await visit(url);
  const done = page.leaves === null ? await visitor.submit(page, { button: 'Allow' }) : page;
  const { code } = back(done);
  if (code === undefined) throw new Error(`There is no code: ${done.leaves?.href} ${done.text}`);
  return code;
}
async function post(path: string, fields: Record<string, string | undefined>, headers = {}): Promise<Json> {
  const known = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const answer = await client.server.handle({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(known).toString(),
  });
  expect(answer.status).toBeLessThan(500);
  return { status: answer.status, ...JSON.parse(answer.body) };
}
const token = (more: Record<string, string | undefined>): Promise<Json> =>
  post('/oauth2/token', { client_id: forum.client_id, client_secret: secret, ...more });
const redeem = (code: string, more = {}) => token({ grant_type: 'authorization_code', code, ...more });
const refresh = (refresh_token: string) => token({ grant_type: 'refresh_token', refresh_token });
const introspect = (text: string) =>
  post('/oauth2/introspection', { client_id: forum.client_id, client_secret: secret, token: text });
async function claimsOf(jwt: string): Promise<Json> {
  const keys = (await client.get(`/sso/jwks/${localAccount.clientId}`, { key: null })).body;
  return (await jwtVerify(jwt, createLocalJWKSet(keys), { currentDate: new Date(client.clock.now()) }))
    .payload;
}

describe('a Connect application', () => {
  it('gets tokens for a user who lets it in', async () => {
    const page = await visit();
    expect(page.$('main').text()).toContain(user.email);
    expect(page.$('main li').text()).toContain('posts:read');
    const done = await visitor.submit(page, { button: 'Allow' });
    expect(back(done)['state']).toBe('st');
    const answer = await redeem(back(done)['code'] ?? '', { redirect_uri: callback });
    expect(answer).toMatchObject({ status: 200, token_type: 'bearer', expires_in: 300 });
    const [authorization] = (await client.get(`/user_management/users/${userId}/authorized_applications`))
      .body.data;
    expect(authorization.application.id).toBe(forum.id);
    expect(await claimsOf(answer.access_token)).toMatchObject({
      iss: `http://localhost:4100/oauth2/${localAccount.clientId}`,
      aud: localAccount.clientId,
      sub: userId,
      sid: authorization.id,
      client_id: forum.client_id,
    });
    expect(await claimsOf(answer.id_token)).toMatchObject({
      aud: forum.client_id,
      nonce: 'n',
      sub: userId,
      email: user.email,
      email_verified: true,
    });
    expect(await introspect(answer.access_token)).toMatchObject({ active: true, sub: userId });
    const info = await client.server.handle({
      method: 'GET',
      path: '/oauth2/userinfo',
      headers: { authorization: `Bearer ${answer.access_token}` },
      body: null,
    });
    expect(JSON.parse(info.body)).toEqual({ sub: userId, email: user.email, email_verified: true });
  });

  it('asks once, and again for more; the team’s own does not ask', async () => {
    await codeOf();
    expect(back(await visit())['code']).toBeDefined();
    expect((await visit(authorizeUrl({ scope: 'profile' }))).$('h1').text()).toContain('asks to be let in');
    ({ application: forum, secret } = await makeApplication({ is_first_party: true }));
    expect(back(await visit())['code']).toBeDefined();
  });

  it('hears of it when the user does not', async () => {
    const done = await visitor.submit(await visit(), { button: 'Deny' });
    expect(back(done)).toMatchObject({ error: 'access_denied', state: 'st' });
  });

  it('acts for the organization the user chooses', async () => {
    const other = (await client.post('/organizations', { name: 'Southwind' })).body;
    for (const { id } of [organization, other]) {
      const body = { user_id: userId, organization_id: id };
      await client.post('/user_management/organization_memberships', body);
    }
    const signedIn = await visitor.submit(await visitor.get(authorizeUrl()), { fields: user });
    // The hosted pages ask for the organization of their session first.
    const consent = await visitor.submit(signedIn, { button: 'Northwind' });
    const done = await visitor.submit(consent, { button: 'Allow', fields: { organization: other.id } });
    const answer = await redeem(back(done)['code'] ?? '');
    expect(await claimsOf(answer.access_token)).toMatchObject({ org_id: other.id });
    const bad = await visitor.get(authorizeUrl({ scope: 'profile' }));
    const refused = await visitor.submit(bad, { button: 'Allow', fields: { organization: 'org_none' } });
    expect(refused.status).toBe(422);
  });

  it('has codes that are good once, and loses everything when one is shown twice', async () => {
    const code = await codeOf();
    expect((await redeem(code, { redirect_uri: 'https://evil.example/' })).error).toBe('invalid_grant');
    expect((await redeem(code, { client_secret: 'wrong' })).error).toBe('invalid_client');
    expect((await redeem(code, { client_secret: undefined })).status).toBe(401);
    const other = await makeApplication({ is_first_party: true });
    const theirs = { client_id: other.application.client_id, client_secret: other.secret };
    expect((await redeem(code, theirs)).error).toBe('invalid_grant');
    const { refresh_token } = await redeem(code);
    expect((await redeem(code)).error).toBe('invalid_grant');
    expect((await refresh(refresh_token)).error).toBe('invalid_grant');
    const late = await codeOf();
    client.clock.advance(10 * minute);
    expect((await redeem(late)).error).toBe('invalid_grant');
    expect((await token({ grant_type: 'password' })).error).toBe('unsupported_grant_type');
    expect((await post('/oauth2/token', { client_id: 'client_none' })).error).toBe('invalid_client');
  });

  it('renews its tokens, with another refresh token each time', async () => {
    const first = await redeem(await codeOf());
    const second = await refresh(first.refresh_token);
    expect(second).toMatchObject({ status: 200, scope: 'openid email offline_access posts:read' });
    expect(await introspect(second.refresh_token)).toMatchObject({
      active: true,
      token_type: 'refresh_token',
    });
    expect((await refresh(first.refresh_token)).error).toBe('invalid_grant');
    expect((await refresh(second.refresh_token)).error).toBe('invalid_grant');
  });

  it('is out when the user’s authorization is withdrawn', async () => {
    const { access_token, refresh_token } = await redeem(await codeOf());
    await client.delete(`/user_management/users/${userId}/authorized_applications/${forum.id}`);
    expect(await introspect(access_token)).toMatchObject({ active: false });
    expect((await refresh(refresh_token)).error).toBe('invalid_grant');
    expect((await visit()).$('h1').text()).toContain('asks to be let in');
  });

  it('without a secret proves by PKCE that it is the same', async () => {
    ({ application: forum } = await makeApplication({ is_first_party: true, uses_pkce: true }));
    expect(back(await visit())).toMatchObject({ error: 'invalid_request' });
    const verifier = 'v'.repeat(43);
    const code_challenge = createHash('sha256').update(verifier).digest('base64url');
    const code = await codeOf(authorizeUrl({ code_challenge, code_challenge_method: 'S256' }));
    const open = { client_secret: undefined };
    expect((await redeem(code, { ...open, code_verifier: 'w'.repeat(43) })).error).toBe('invalid_grant');
    expect((await redeem(code, { ...open, code_verifier: verifier })).status).toBe(200);
  });

  it('sends nobody to a URI that is not its own', async () => {
    for (const more of [{ redirect_uri: 'https://evil.example/' }, { client_id: 'client_none' }]) {
      const page = await visitor.get(authorizeUrl(more));
      expect([page.status, page.leaves]).toEqual([400, null]);
    }
    expect(back(await visit(authorizeUrl({ scope: 'everything' })))).toMatchObject({
      error: 'invalid_scope',
    });
    expect(back(await visit(authorizeUrl({ response_type: 'token' })))).toMatchObject({
      error: 'unsupported_response_type',
    });
    expect((await visitor.get('/oauth2/consent?request=forged')).status).toBe(410);
  });

  it('finds everything by discovery', async () => {
    const issuer = `/oauth2/${localAccount.clientId}`;
    for (const path of [
      `${issuer}/.well-known/openid-configuration`,
      `/.well-known/oauth-authorization-server${issuer}`,
    ]) {
      const answer = await client.server.handle({ method: 'GET', path, headers: {}, body: null });
      expect(JSON.parse(answer.body)).toMatchObject({
        issuer: `http://localhost:4100${issuer}`,
        token_endpoint: 'http://localhost:4100/oauth2/token',
        jwks_uri: `http://localhost:4100/sso/jwks/${localAccount.clientId}`,
      });
    }
  });
});

describe('a machine', () => {
  it('gets tokens for its organization by its own credentials', async () => {
    const made = await makeApplication({
      application_type: 'm2m',
      organization_id: organization.id,
      redirect_uris: undefined,
      scopes: ['reports:read', 'reports:write'],
    });
    ({ application: forum, secret } = made);
    const basic = Buffer.from(`${forum.client_id}:${secret}`).toString('base64');
    const answer = await post(
      '/oauth2/token',
      { grant_type: 'client_credentials', scope: 'reports:read' },
      { authorization: `Basic ${basic}` },
    );
    expect(answer).toMatchObject({ status: 200, scope: 'reports:read' });
    expect(await claimsOf(answer.access_token)).toMatchObject({
      sub: forum.client_id,
      org_id: organization.id,
      scope: 'reports:read',
    });
    expect(await introspect(answer.access_token)).toMatchObject({ active: true });
    expect((await token({ grant_type: 'client_credentials', scope: 'all' })).error).toBe('invalid_scope');
    expect((await redeem('x')).error).toBe('unauthorized_client');
    client.clock.advance(5 * minute);
    expect(await introspect(answer.access_token)).toMatchObject({ active: false });
    expect(await introspect('nonsense')).toMatchObject({ active: false });
  });

  it('is no application of a user, nor the other way round', async () => {
    expect((await token({ grant_type: 'client_credentials' })).error).toBe('unauthorized_client');
  });
});

describe('a sign-in of the application’s own', () => {
  const begin = async (): Promise<string> => {
    setLoginUri(client.database, client.context().environment.id, 'https://app.example/login');
    const { leaves } = await visitor.get(authorizeUrl());
    expect(leaves?.origin).toBe('https://app.example');
    return leaves?.searchParams.get('external_auth_id') ?? '';
  };
  const complete = (external_auth_id: string, more: object = {}, key: string = localAccount.apiKey) =>
    client.post(
      '/authkit/oauth2/complete',
      { external_auth_id, user: { id: 'u-1', email: 'own@app.example', first_name: 'Own' }, ...more },
      { key },
    );

  it('hands its user over, who is asked what the application wants asked', async () => {
    const id = await begin();
    const option = {
      claim: 'urn:app:tenant',
      type: 'enum',
      label: 'Environment',
      choices: [
        { value: 'eu', label: 'Europe' },
        { value: 'us', label: 'America' },
      ],
    };
    const { status, body } = await complete(id, { user_consent_options: [option] });
    expect(status).toBe(200);
    const page = await visitor.get(body.redirect_uri);
    expect(page.$('main').text()).toContain('own@app.example');
    const done = await visitor.submit(page, { button: 'Allow', fields: { 'option-0': 'us' } });
    const { access_token } = await redeem(back(done)['code'] ?? '');
    const claims = await claimsOf(access_token);
    expect(claims['urn:app:tenant']).toBe('us');
    const made = (await client.get(`/user_management/users/${claims.sub}`)).body;
    expect(made).toMatchObject({ external_id: 'u-1', first_name: 'Own', email_verified: true });
    expect((await visitor.get(body.redirect_uri)).status).toBe(410);
  });

  it('refuses what is wrong with a session or a user', async () => {
    const id = await begin();
    const refusal = async (more: object) => (await complete(id, more)).body.code;
    expect((await complete('ext_auth_none')).status).toBe(404);
    expect((await complete(id, {}, 'sk_test_connect_stranger')).status).toBe(404);
    expect(await refusal({ user: { id: 'u-1', email: 'nobody' } })).toBe('invalid_email');
    expect(await refusal({ user: { id: 'u-1', email: user.email } })).toBe('email_not_available');
    expect((await complete(id)).status).toBe(200);
    expect(await refusal({})).toBe('external_auth_session_already_completed');
    const second = await begin();
    const moved = await complete(second, { user: { id: 'u-1', email: 'else@app.example' } });
    expect(moved.body.code).toBe('email_change_not_allowed');
    // Without the way back nobody can answer for the user.
    expect((await visitor.get(`/oauth2/consent?request=${second}`)).status).toBe(410);
    client.clock.advance(30 * minute);
    expect((await complete(second)).status).toBe(404);
  });
});
