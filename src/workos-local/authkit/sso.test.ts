import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from '../index.ts';
import { createConnection } from '../resources/connections/connection.ts';
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
/** An organization with a domain and a connection of its own. */
async function makeOrganization(state: 'verified' | 'pending' = 'verified') {
  made += 1;
  const domain = `company-${made}.example`;
  const organization = (
    await client.post('/organizations', {
      name: `Company ${made}`,
      domain_data: [{ domain, state }],
      allow_profiles_outside_organization: true,
    })
  ).body;
  const connection = client.database.write(() =>
    createConnection(client.context(), { organizationId: organization.id, type: 'OktaSAML' }),
  );
  expect(connection.state).toBe('active');
  return { organization, connection, domain };
}

const makeUser = async (email: string, fields: object = {}): Promise<Json> =>
  (
    await client.post('/user_management/users', {
      email,
      email_verified: true,
      ...quickPassword(password),
      ...fields,
    })
  ).body;

const authorizePath = (query: Record<string, string>) =>
  `/user_management/authorize?${new URLSearchParams({
    client_id: localAccount.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    state: 's',
    ...query,
  }).toString()}`;

const browser = () => new PageClient(client.server);
const heading = (visited: Visited) => visited.$('h1').text();
const atProvider = (visited: Visited) => visited.url.pathname.startsWith('/_idp/');

/** Says at the test identity provider who one is. */
const comeAs = (tab: PageClient, page: Visited, email: string) =>
  tab.submit(page, {
    form: 'form:has([name=email])',
    fields: { email },
    ...(page.$('form:has([name=email]) button[value=typed]').length === 0
      ? {}
      : { button: page.$('button[value=typed]').text().trim() }),
  });

async function exchange(visited: Visited): Promise<Json> {
  const code = visited.leaves?.searchParams.get('code');
  return (
    await client.post('/user_management/authenticate', {
      ...confidential,
      grant_type: 'authorization_code',
      code,
    })
  ).body;
}

describe('signing in by single sign-on', () => {
  it.each(['connection_id', 'organization_id'] as const)(
    'by the %s of an organization makes a member of who is new',
    async (selector) => {
      const { organization, connection, domain } = await makeOrganization();
      const tab = browser();
      const id = selector === 'connection_id' ? connection.id : organization.id;
      const provider = await tab.get(authorizePath({ [selector]: id }));
      expect(atProvider(provider)).toBe(true);
      const email = `new@${domain}`;
      const back = await comeAs(tab, provider, email);
      expect(back.leaves?.searchParams.get('state')).toBe('s');
      const answer = await exchange(back);
      expect(answer).toMatchObject({
        user: { email, email_verified: true },
        organization_id: organization.id,
        authentication_method: 'SSO',
      });
      const sso = { connection_id: connection.id, organization_id: organization.id };
      const events = (await client.events()).filter(({ event }) => event.startsWith('authentication.sso'));
      expect(events.slice(-2)).toMatchObject([
        { event: 'authentication.sso_started', data: { sso } },
        { event: 'authentication.sso_succeeded', data: { email, sso, user_id: answer.user.id } },
      ]);
    },
  );

  it('needs no second factor here: the identity provider has asked for it', async () => {
    const { connection, domain } = await makeOrganization();
    const user = await makeUser(`ada@${domain}`, { email_verified: false });
    await client.post(`/user_management/users/${user.id}/auth_factors`, { type: 'totp' });
    const tab = browser();
    const back = await comeAs(
      tab,
      await tab.get(authorizePath({ connection_id: connection.id })),
      user.email,
    );
    expect((await exchange(back)).user).toMatchObject({ id: user.id, email_verified: true });
  });

  it('of an address that the organization does not vouch for needs the address verified, and an invitation', async () => {
    const { connection } = await makeOrganization();
    const tab = browser();
    const guest = `guest-${made}@elsewhere.example`;
    const verify = await comeAs(tab, await tab.get(authorizePath({ connection_id: connection.id })), guest);
    expect(heading(verify)).toBe('Verify your e-mail address');
    const refused = await tab.submit(verify, { fields: { code: client.mailTo(guest).at(-1)?.code ?? '' } });
    expect([refused.status, refused.leaves]).toEqual([400, null]);
    expect(refused.text).toContain('not an active member');
  });

  it('keeps out whom the organization has let go', async () => {
    const { organization, connection, domain } = await makeOrganization();
    const user = await makeUser(`left@${domain}`);
    const membership = (
      await client.post('/user_management/organization_memberships', {
        user_id: user.id,
        organization_id: organization.id,
      })
    ).body;
    await client.put(`/user_management/organization_memberships/${membership.id}/deactivate`);
    const tab = browser();
    const back = await comeAs(
      tab,
      await tab.get(authorizePath({ connection_id: connection.id })),
      user.email,
    );
    expect([back.status, back.leaves]).toEqual([400, null]);
  });

  it('by a provider links the account, which finds the user by it from then on', async () => {
    const user = await makeUser(`google-${made}@mail.example`);
    const tab = browser();
    const provider = await tab.get(authorizePath({ provider: 'GitHubOAuth' }));
    const answer = await exchange(await comeAs(tab, provider, user.email));
    expect(answer).toMatchObject({ user: { id: user.id }, authentication_method: 'GitHubOAuth' });
    expect((await client.get(`/user_management/users/${user.id}/identities`)).body).toMatchObject([
      { type: 'OAuth', provider: 'GithubOAuth' },
    ]);
    expect((await client.events()).map(({ event }) => event)).toContain('authentication.oauth_succeeded');
  });

  it('by a provider does not give somebody an account whose address nobody has verified', async () => {
    const user = await makeUser(`squatter-${made}@mail.example`, { email_verified: false });
    const tab = browser();
    const provider = await tab.get(authorizePath({ provider: 'GoogleOAuth' }));
    expect(heading(await comeAs(tab, provider, user.email))).toBe('Verify your e-mail address');
    expect((await client.get(`/user_management/users/${user.id}/identities`)).body).toEqual([]);
  });

  it('that the user declines tells the application', async () => {
    const { connection } = await makeOrganization();
    const tab = browser();
    const provider = await tab.get(authorizePath({ connection_id: connection.id }));
    const decline = provider.$('button[value=refuse]');
    const back = await tab.submit(provider, {
      form: 'form:has(button[value=refuse])',
      button: decline.text().trim(),
    });
    expect(Object.fromEntries(back.leaves?.searchParams ?? [])).toMatchObject({
      error: 'access_denied',
      state: 's',
    });
    const failed = (await client.events()).filter(({ event }) => event === 'authentication.sso_failed');
    expect(failed.at(-1)).toMatchObject({
      data: { error: { code: 'access_denied' }, sso: { connection_id: connection.id } },
    });
  });

  it('ends in the browser it began in', async () => {
    const { connection, domain } = await makeOrganization();
    const tab = browser();
    const provider = await tab.get(authorizePath({ connection_id: connection.id }));
    const other = browser();
    // The victim follows the attacker's link to the way back.
    const stolen = await comeAs(other, await other.get(provider.url), `new@${domain}`);
    expect(stolen.status).toBe(403);
    expect((await browser().get('/authkit/callback?code=x&state=none')).status).toBe(404);
  });

  it.each([
    [{ connection_id: 'conn_none' }, 'connection_invalid'],
    [{ organization_id: 'org_none' }, 'organization_invalid'],
    [{ domain_hint: 'company.example' }, 'domain_connection_selector_not_allowed'],
    [{}, 'invalid_connection_selector'],
  ] as const)('by %j is not possible, and the application is told', async (query, error) => {
    const { leaves } = await browser().get(authorizePath({ ...query }));
    expect(leaves?.searchParams.get('error')).toBe(error);
  });
});

describe('an address of an organization with single sign-on', () => {
  it('is led to its identity provider from every page that takes it', async () => {
    const { domain } = await makeOrganization();
    const user = await makeUser(`ada@${domain}`);
    const begin = async (screen: string) => {
      const tab = browser();
      return { tab, page: await tab.get(authorizePath({ provider: 'authkit', screen_hint: screen })) };
    };
    const one = await begin('sign-in');
    const fields = { email: user.email, password };
    expect(atProvider(await one.tab.submit(one.page, { fields, button: 'Sign in' }))).toBe(true);
    const two = await begin('sign-in');
    expect(atProvider(await two.tab.submit(two.page, { fields, button: 'E-mail me a code' }))).toBe(true);
    const three = await begin('sign-up');
    const new_user = { email: `new@${domain}`, password };
    expect(atProvider(await three.tab.submit(three.page, { fields: new_user }))).toBe(true);
  });

  it('signs in by the API in no other way', async () => {
    const { connection, domain } = await makeOrganization();
    const user = await makeUser(`ada@${domain}`);
    const refused = await client.post('/user_management/authenticate', {
      ...confidential,
      grant_type: 'password',
      email: user.email,
      password,
    });
    expect(refused).toMatchObject({
      status: 400,
      body: { error: 'sso_required', email: user.email, connection_ids: [connection.id] },
    });
  });

  it('whose domain is not verified signs in as everybody', async () => {
    const { domain } = await makeOrganization('pending');
    const user = await makeUser(`ada@${domain}`);
    const { status } = await client.post('/user_management/authenticate', {
      ...confidential,
      grant_type: 'password',
      email: user.email,
      password,
    });
    expect(status).toBe(200);
  });
});
