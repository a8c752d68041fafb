import { beforeEach, describe, expect, it } from 'vitest';
import { minute } from '../../kit/clock.ts';
import { type Json, LocalClient } from '../../testing/local-client.ts';
import { PageClient, type Visited } from '../../testing/page-client.ts';

let client: LocalClient;
let visitor: PageClient;
let harborlight: string;
beforeEach(async () => {
  client = new LocalClient({ autoEnvironments: true });
  visitor = new PageClient(client.server);
  const { data } = (await client.get('/user_management/organization_memberships?user_id=user_123')).body;
  harborlight = data[0].organization_id;
});

const user = { user_id: 'user_123' };
const account = '/user_management/users/user_123/connected_accounts/github';
const authorize = async (body: object = user): Promise<string> => {
  const reply = await client.post('/data-integrations/github/authorize', body);
  expect(reply.status).toBe(200);
  return reply.body.url;
};
const token = async (body: object = user): Promise<Json> =>
  (await client.post('/data-integrations/github/token', body)).body;
const consent = async (
  button: string,
  body: object = user,
  scope = ['repo', 'user:email'],
): Promise<Visited> =>
  visitor.submit(await visitor.get(await authorize(body)), { button, fields: { scope } });

describe('pipes', () => {
  it('connect a user’s account by their consent, and hand out its token', async () => {
    expect(await token()).toEqual({ active: false, error: 'not_installed' });
    expect((await client.get(account)).status).toBe(404);
    const asked = await visitor.get(await authorize());
    expect(asked.$('main').text()).toContain('mara@harborlight.example');
    const done = await visitor.submit(asked, { button: 'Allow' });
    expect(done.$('h1').text()).toBe('Connected');
    const given = await token();
    expect(given).toMatchObject({
      active: true,
      access_token: { scopes: ['repo', 'user:email'], missing_scopes: [] },
    });
    expect(await token()).toEqual(given);
    expect((await client.get(account)).body).toMatchObject({
      ...user,
      organization_id: null,
      state: 'connected',
    });
    const { data } = (await client.get('/user_management/users/user_123/data_providers')).body;
    expect(data.map(({ slug, connected_account }: Json) => [slug, connected_account?.state])).toEqual([
      ['github', 'connected'],
      ['slack', undefined],
    ]);
    expect((await client.delete(account)).status).toBe(204);
    expect((await client.delete(account)).status).toBe(404);
    expect(await token()).toEqual({ active: false, error: 'not_installed' });
  });

  it('renew a token that has expired, until the user takes access back', async () => {
    await consent('Allow');
    const first = await token();
    client.clock.advance(61 * minute);
    const second = await token();
    expect(second.access_token.access_token).not.toBe(first.access_token.access_token);
    expect(second.access_token.expires_at > first.access_token.expires_at).toBe(true);
    const { id } = (await client.get(account)).body;
    await consent('Take access back');
    expect(await token()).toEqual({ active: false, error: 'needs_reauthorization' });
    expect((await client.get(account)).body).toMatchObject({ id, state: 'needs_reauthorization' });
    await consent('Allow');
    expect((await token()).active).toBe(true);
    expect((await client.get(account)).body).toMatchObject({ id, state: 'connected' });
  });

  it('say which scopes were not granted', async () => {
    await consent('Allow', user, ['repo']);
    expect((await token()).access_token).toMatchObject({ scopes: ['repo'], missing_scopes: ['user:email'] });
  });

  it('go back to where the application wants them, with the refusal if there was one', async () => {
    const to = { ...user, return_to: 'https://app.example/pipes?tab=1' };
    expect((await consent('Allow', to)).leaves?.href).toBe('https://app.example/pipes?tab=1');
    expect((await consent('Deny', to)).leaves?.href).toBe(
      'https://app.example/pipes?tab=1&error=access_denied',
    );
    const bad = { ...user, return_to: 'javascript:alert(1)' };
    expect((await client.post('/data-integrations/github/authorize', bad)).status).toBe(400);
  });

  it('keep apart what a user connects for themselves and for an organization', async () => {
    const forOrganization = { ...user, organization_id: harborlight };
    await consent('Allow', forOrganization);
    expect(await token()).toEqual({ active: false, error: 'not_installed' });
    expect((await token(forOrganization)).active).toBe(true);
    expect((await client.get(`${account}?organization_id=${harborlight}`)).body.organization_id).toBe(
      harborlight,
    );
    const { body: other } = await client.post('/organizations', { name: 'Other' });
    const stranger = { ...user, organization_id: other.id };
    expect((await client.post('/data-integrations/github/authorize', stranger)).status).toBe(403);
    await client.delete(`/organizations/${harborlight}`);
    expect((await client.get(`${account}?organization_id=${harborlight}`)).status).toBe(404);
  });

  it('have links that are good once, for ten minutes', async () => {
    const url = await authorize();
    const first = await visitor.get(url);
    expect((await visitor.submit(first, { button: 'Deny' })).$('h1').text()).toBe('Not connected');
    expect((await visitor.submit(first, { button: 'Allow' })).status).toBe(410);
    expect((await visitor.get(url)).status).toBe(410);
    const second = await authorize();
    client.clock.advance(10 * minute);
    expect((await visitor.get(second)).$('h1').text()).toBe('This link has expired');
    for (const forged of ['/_providers/authorize', '/_providers/authorize?token=x']) {
      expect((await visitor.get(forged)).status).toBe(410);
    }
    expect(await token()).toEqual({ active: false, error: 'not_installed' });
  });

  it('know neither other providers nor other environments’ users', async () => {
    const path = '/data-integrations/none/authorize';
    expect((await client.post(path, user)).status).toBe(404);
    expect((await client.post('/data-integrations/none/token', user)).status).toBe(404);
    for (const body of [{ user_id: 'user_none' }, { ...user, organization_id: 'org_none' }]) {
      expect((await client.post('/data-integrations/github/token', body)).status).toBe(404);
    }
    const key = 'sk_test_pipes_other';
    expect((await client.post('/data-integrations/github/authorize', user, { key })).status).toBe(404);
    const { body: stranger } = await client.post('/user_management/users', { email: 'a@b.example' }, { key });
    const { data } = (await client.get(`/user_management/users/${stranger.id}/data_providers`, { key })).body;
    expect(data.map(({ slug }: Json) => slug)).toEqual(['github', 'slack']);
  });
});
