import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createContext } from '../../kit/context.ts';
import { environmentOfClient } from '../../kit/environments.ts';
import { IdSource } from '../../kit/ids.ts';
import { SystemRandom } from '../../kit/random.ts';
import { localAccount } from '../../seed/account.ts';
import { FileClient } from '../../testing/file-client.ts';
import { type Json, LocalClient } from '../../testing/local-client.ts';
import { linkIdentity, requireUser } from './users.table.ts';

const path = '/user_management/users';
let client: LocalClient;
beforeEach(() => {
  client = new LocalClient();
});

async function create(body: object): Promise<Json> {
  const reply = await client.post(path, body);
  expect(reply.status).toBe(201);
  return reply.body;
}

const lastEvent = async () => (await client.events()).at(-1);

describe('creating a user', () => {
  it('answers with the user as every later read does, and tells of it', async () => {
    const made = await create({
      email: 'Ada@Northwind.example',
      first_name: 'Ada',
      last_name: 'Ford',
      email_verified: true,
      external_id: 'ext-1',
      metadata: { desk: '4' },
    });
    expect(made).toMatchObject({
      object: 'user',
      email: 'Ada@Northwind.example',
      email_verified: true,
      name: 'Ada Ford',
      profile_picture_url: null,
      last_sign_in_at: null,
      metadata: { desk: '4' },
    });
    expect(made.id).toMatch(/^user_01[0-9A-HJKMNP-TV-Z]{24}$/);
    expect((await client.get(`${path}/${made.id}`)).body).toEqual(made);
    expect((await client.get(`${path}/external_id/ext-1`)).body).toEqual(made);
    expect(await lastEvent()).toMatchObject({ event: 'user.created', data: made });
  });

  it('takes the full name that newer clients send', async () => {
    expect(await create({ email: 'a@a.example', name: 'Ada of Northwind', first_name: 'Ada' })).toMatchObject(
      {
        name: 'Ada of Northwind',
        first_name: 'Ada',
        last_name: null,
      },
    );
    expect((await client.post(path, { email: 'b@a.example', name: 7 })).body.errors).toMatchObject([
      { field: 'name' },
    ]);
  });

  it.each(['ada@northwind.example', 'ADA@northwind.EXAMPLE'])(
    'refuses %s when another user has it in any case, and keeps nothing of the attempt',
    async (email) => {
      await create({ email: 'Ada@northwind.example' });
      const before = await client.events();
      expect(await client.post(path, { email })).toMatchObject({
        status: 400,
        body: { code: 'user_creation_error', errors: [{ code: 'email_not_available' }] },
      });
      expect(await client.events()).toEqual(before);
    },
  );

  it.each([
    '',
    'ada',
    'ada@',
    '@a.example',
    'a b@a.example',
    'ada@localhost',
    'ada@a..example',
    'Ada <a@b.cd>',
  ])('refuses %j as an address', async (email) => {
    expect(await client.post(path, { email })).toMatchObject({
      status: 400,
      body: { code: 'user_creation_error', errors: [{ code: 'invalid_email' }] },
    });
  });

  it('refuses an external id another user has', async () => {
    await create({ email: 'a@a.example', external_id: 'x' });
    expect((await client.post(path, { email: 'b@a.example', external_id: 'x' })).body).toMatchObject({
      code: 'user_creation_error',
      errors: [{ code: 'external_id_already_used' }],
    });
  });

  it('refuses metadata past its limits', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`key${at}`, 'v']));
    expect(await client.post(path, { email: 'a@a.example', metadata })).toMatchObject({
      status: 400,
      body: { code: 'invalid_metadata' },
    });
  });
});

describe('updating a user', () => {
  it('leaves alone what is not named, merges metadata and tells of the change', async () => {
    const made = await create({ email: 'a@a.example', first_name: 'Ada', metadata: { a: '1', b: '2' } });
    client.clock.advance(1000);
    const reply = await client.put(`${path}/${made.id}`, {
      last_name: 'Ford',
      locale: 'EN-us',
      metadata: { a: null, c: '3' },
    });
    expect(reply.body).toEqual({
      ...made,
      name: 'Ada Ford',
      last_name: 'Ford',
      locale: 'en-US',
      metadata: { b: '2', c: '3' },
      updated_at: reply.body.updated_at,
    });
    expect(reply.body.updated_at > made.updated_at).toBe(true);
    expect(await lastEvent()).toMatchObject({ event: 'user.updated', data: reply.body });
    expect((await client.put(`${path}/${made.id}`, { metadata: {} })).body.metadata).toEqual({});
  });

  it('that changes nothing moves nothing and tells nobody', async () => {
    const made = await create({ email: 'a@a.example', first_name: 'Ada', external_id: 'x' });
    client.clock.advance(1000);
    const same = { email: 'a@a.example', first_name: 'Ada', external_id: 'x', email_verified: false };
    expect((await client.put(`${path}/${made.id}`, same)).body).toEqual(made);
    expect(await lastEvent()).toMatchObject({ event: 'user.created' });
  });

  it('with a new address takes back that it was verified, unless the caller vouches for it', async () => {
    const made = await create({ email: 'a@a.example', email_verified: true });
    const put = async (body: object) => (await client.put(`${path}/${made.id}`, body)).body.email_verified;
    expect(await put({ email: 'A@a.example' })).toBe(true);
    expect(await put({ email: 'b@a.example' })).toBe(false);
    expect(await put({ email: 'c@a.example', email_verified: true })).toBe(true);
  });

  it('refuses what another user has, and gives it back once that user is gone', async () => {
    const one = await create({ email: 'one@a.example', external_id: 'x' });
    const two = await create({ email: 'two@a.example' });
    const put = async (body: object) => (await client.put(`${path}/${two.id}`, body)).body.code;
    expect(await put({ email: 'ONE@a.example' })).toBe('email_not_available');
    expect(await put({ external_id: 'x' })).toBe('external_id_already_used');
    expect(await put({ email: 'nobody' })).toBe('invalid_email');
    expect(await put({ locale: 'not a locale' })).toBe('invalid_locale');
    await client.delete(`${path}/${one.id}`);
    expect(await put({ email: 'one@a.example', external_id: 'x' })).toBeUndefined();
  });
});

describe('listing users', () => {
  it('is narrowed by address in any case', async () => {
    const made = await create({ email: 'Ada@a.example' });
    await create({ email: 'bob@a.example' });
    expect((await client.get(`${path}?email=ada@A.example`)).body.data).toEqual([made]);
    expect((await client.get(`${path}?email=nobody@a.example`)).body.data).toEqual([]);
  });

  it('is narrowed to the active members of an organization', async () => {
    const organization = (await client.post('/organizations', { name: 'Northwind' })).body;
    const [ada, bob] = [await create({ email: 'ada@a.example' }), await create({ email: 'bob@a.example' })];
    for (const user of [ada, bob]) {
      await client.post('/user_management/organization_memberships', {
        user_id: user.id,
        organization_id: organization.id,
      });
    }
    const members = async (name: string) =>
      (await client.get(`${path}?${name}=${organization.id}`)).body.data.map((user: Json) => user.email);
    expect(await members('organization_id')).toEqual(['bob@a.example', 'ada@a.example']);
    expect(await members('organization')).toEqual(['bob@a.example', 'ada@a.example']);
    const memberships = await client.get(
      `/user_management/organization_memberships?organization_id=${organization.id}&user_id=${bob.id}`,
    );
    await client.put(`/user_management/organization_memberships/${memberships.body.data[0].id}/deactivate`);
    expect(await members('organization_id')).toEqual(['ada@a.example']);
  });

  it('pages to the end', async () => {
    for (let number = 0; number < 7; number += 1) await create({ email: `n${number}@pages.example` });
    const emails = (await client.all(path, 3)).map((user) => user.email);
    expect(emails.slice(0, 7)).toEqual([6, 5, 4, 3, 2, 1, 0].map((number) => `n${number}@pages.example`));
    expect(new Set(emails).size).toBe(emails.length);
  });
});

describe('deleting a user', () => {
  it('ends memberships first, each with its event', async () => {
    const organization = (await client.post('/organizations', { name: 'Northwind' })).body;
    const user = await create({ email: 'ada@a.example' });
    const membership = (
      await client.post('/user_management/organization_memberships', {
        user_id: user.id,
        organization_id: organization.id,
      })
    ).body;
    expect((await client.delete(`${path}/${user.id}`)).status).toBe(200);
    expect((await client.get(`${path}/${user.id}`)).status).toBe(404);
    expect((await client.get(`/user_management/organization_memberships/${membership.id}`)).status).toBe(404);
    expect((await client.events()).slice(-2).map((event) => [event.event, event.data.id])).toEqual([
      ['organization_membership.deleted', membership.id],
      ['user.deleted', user.id],
    ]);
  });

  it.each(['get', 'delete'] as const)('and then %s is a 404', async (method) => {
    const user = await create({ email: 'ada@a.example' });
    await client.delete(`${path}/${user.id}`);
    expect(await client[method](`${path}/${user.id}`)).toMatchObject({
      status: 404,
      body: { code: 'entity_not_found' },
    });
  });
});

describe('the identities of a user', () => {
  let file: FileClient;
  beforeEach(() => {
    file = FileClient.open();
  });
  afterEach(() => {
    file.close();
  });

  it('are listed, and those of another address are unlinked when the address changes', async () => {
    const user = (await file.post(path, { email: 'ada@a.example' })).body;
    const environment = environmentOfClient(file.database, localAccount.clientId);
    if (environment === null) throw new Error('There is no environment.');
    const random = new SystemRandom();
    const context = createContext(file.database, environment, file.clock.now(), {
      random,
      ids: new IdSource(random),
    });
    const row = requireUser(context, user.id);
    linkIdentity(context, row, { provider: 'GoogleOAuth', idpId: 'g1', email: 'Ada@a.example' });
    linkIdentity(context, row, { provider: 'GoogleOAuth', idpId: 'g1', email: 'Ada@a.example' });
    linkIdentity(context, row, { provider: 'GithubOAuth', idpId: 'h1', email: 'ada@b.example' });
    const listed = async () =>
      (await file.get(`${path}/${user.id}/identities`)).body.map((identity: Json) => identity.provider);
    expect((await file.get(`${path}/${user.id}/identities`)).body).toEqual([
      { idp_id: 'g1', type: 'OAuth', provider: 'GoogleOAuth' },
      { idp_id: 'h1', type: 'OAuth', provider: 'GithubOAuth' },
    ]);
    await file.put(`${path}/${user.id}`, { email: 'ada@b.example' });
    expect(await listed()).toEqual(['GithubOAuth']);
    expect((await file.get(`${path}/user_none/identities`)).status).toBe(404);
  });
});

describe('users of two environments', () => {
  it('never meet', async () => {
    client = new LocalClient({ autoEnvironments: true });
    const [a, b] = [{ key: 'sk_test_a' }, { key: 'sk_test_b' }];
    const body = { email: 'ada@a.example', external_id: 'x' };
    const made = (await client.post(path, body, a)).body;
    expect((await client.get(path, b)).body.data).toEqual([]);
    expect((await client.get(`${path}/${made.id}`, b)).status).toBe(404);
    expect((await client.get(`${path}/external_id/x`, b)).status).toBe(404);
    expect((await client.get(`${path}/${made.id}/identities`, b)).status).toBe(404);
    expect((await client.put(`${path}/${made.id}`, { first_name: 'B' }, b)).status).toBe(404);
    expect((await client.post(`${path}/${made.id}/email_verification/send`, undefined, b)).status).toBe(404);
    expect((await client.delete(`${path}/${made.id}`, b)).status).toBe(404);
    expect((await client.post(path, body, b)).status).toBe(201);
    expect((await client.get(path, a)).body.data).toEqual([made]);
  });
});
