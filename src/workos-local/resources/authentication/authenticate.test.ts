import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from '../../index.ts';
import { codeOf } from '../../testing/authenticator.ts';
import { FileClient } from '../../testing/file-client.ts';
import type { Json, Reply } from '../../testing/local-client.ts';
import { quickPassword } from '../../testing/quick-password.ts';

const password = 'seven quiet rivers';
const confidential = { client_id: localAccount.clientId, client_secret: localAccount.apiKey };
const grants = {
  magicAuth: 'urn:workos:oauth:grant-type:magic-auth:code',
  emailVerification: 'urn:workos:oauth:grant-type:email-verification:code',
  mfa: 'urn:workos:oauth:grant-type:mfa-totp',
  organization: 'urn:workos:oauth:grant-type:organization-selection',
} as const;

let client: FileClient;
beforeAll(() => {
  client = FileClient.open();
});
afterAll(() => {
  client.close();
});

/** Asks for tokens as a server does: with its secret, and no key in a header. */
const authenticate = (body: object): Promise<Reply> =>
  client.post('/user_management/authenticate', { ...confidential, ...body }, { key: null });

const withPassword = (email: string, more: object = {}) =>
  authenticate({ grant_type: 'password', email, password, ...more });

let made = 0;
const address = () => {
  made += 1;
  return `person-${made}@authenticate.example`;
};

async function makeUser(fields: object = {}): Promise<Json> {
  const body = { email: address(), email_verified: true, ...quickPassword(password), ...fields };
  return (await client.post('/user_management/users', body)).body;
}

async function makeMember(user: Json, name: string, role = 'member'): Promise<Json> {
  const organization = (await client.post('/organizations', { name })).body;
  await client.post('/user_management/organization_memberships', {
    user_id: user.id,
    organization_id: organization.id,
    role_slug: role,
  });
  return organization;
}

const lastCodeTo = (email: string) => client.mailTo(email).at(-1)?.code ?? '';
const otherCode = (code: string) => (code === '000000' ? '000001' : '000000');

/** The newest events, oldest first. */
const lastEvents = async (count: number) =>
  (await client.get(`/events?limit=${count}&order=desc`)).body.data.reverse();

describe('signing in with a password', () => {
  it('answers with the user, tokens and how they signed in, and tells of it', async () => {
    const user = await makeUser({
      metadata: { desk: '4' },
      password,
      password_hash: undefined,
      password_hash_type: undefined,
    });
    const { status, body } = await withPassword(user.email, {
      ip_address: '203.0.113.7',
      user_agent: 'Test/1',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ user: { id: user.id }, authentication_method: 'Password' });
    expect(body.user).not.toHaveProperty('metadata');
    expect(body).not.toHaveProperty('organization_id');
    expect(body.user.last_sign_in_at).toBe(new Date(client.clock.now()).toISOString());
    const claims = decodeJwt(body.access_token);
    expect(claims).toMatchObject({
      iss: `https://api.workos.com/user_management/${localAccount.clientId}`,
      sub: user.id,
      sid: expect.stringMatching(/^session_01/),
      jti: expect.any(String),
    });
    expect(claims.exp).toBe((claims.iat ?? 0) + 300);
    expect(claims).not.toHaveProperty('org_id');
    const device = { ip_address: '203.0.113.7', user_agent: 'Test/1' };
    expect(await lastEvents(3)).toMatchObject([
      {
        event: 'authentication.password_succeeded',
        data: { type: 'password', status: 'succeeded', user_id: user.id, email: user.email, ...device },
      },
      { event: 'user.updated', data: { id: user.id } },
      {
        event: 'session.created',
        data: { id: claims['sid'], user_id: user.id, auth_method: 'password', ...device },
      },
    ]);
  });

  it.each([
    ['a wrong password', (email: string) => ({ email, password: `${password}!` })],
    ['an address nobody has', () => ({ email: 'nobody@authenticate.example', password })],
  ])('is refused for %s, with the same answer, and told of', async (_, fields) => {
    const user = await makeUser();
    const body = fields(user.email);
    expect(await withPassword(body.email, body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_credentials', message: 'The e-mail address or the password is wrong.' },
    });
    expect(await lastEvents(1)).toMatchObject([
      {
        event: 'authentication.password_failed',
        data: {
          status: 'failed',
          email: body.email,
          user_id: body.email === user.email ? user.id : null,
          error: { code: 'invalid_credentials' },
        },
      },
    ]);
  });

  it('is refused for a user without a password', async () => {
    const user = await makeUser({ password_hash: undefined, password_hash_type: undefined });
    expect((await withPassword(user.email)).body.code).toBe('invalid_credentials');
  });

  it('does not mind how an address is written', async () => {
    const user = await makeUser();
    expect((await withPassword(user.email.toUpperCase())).body.user.id).toBe(user.id);
  });

  it('never works with a wrong secret, another client, or an unknown one', async () => {
    const user = await makeUser();
    for (const wrong of [
      { client_secret: 'sk_test_wrong' },
      { client_secret: '' },
      { client_id: 'client_none' },
    ]) {
      expect(await withPassword(user.email, wrong)).toMatchObject({
        status: 400,
        body: { error: 'invalid_client' },
      });
    }
    expect((await withPassword(user.email, { client_secret: undefined })).status).toBe(422);
  });

  it('with a form works as with JSON', async () => {
    const user = await makeUser();
    const form = new URLSearchParams({
      ...confidential,
      grant_type: 'password',
      email: user.email,
      password,
    });
    const answer = await client.call('POST', '/user_management/authenticate', {
      key: null,
      text: form.toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.body.user.id).toBe(user.id);
  });
});

describe('signing in with an address that is not verified', () => {
  it('needs the code that is sent to it, and then signs in', async () => {
    const user = await makeUser({ email_verified: false });
    const refused = await withPassword(user.email);
    expect(refused).toMatchObject({
      status: 403,
      body: {
        code: 'email_verification_required',
        email: user.email,
        email_verification_id: expect.stringMatching(/^email_verification_/),
        pending_authentication_token: expect.stringMatching(/^\w{25}$/),
      },
    });
    const code = lastCodeTo(user.email);
    const { pending_authentication_token } = refused.body;
    const step = { grant_type: grants.emailVerification, pending_authentication_token };
    expect(await authenticate({ ...step, code: otherCode(code) })).toMatchObject({
      status: 400,
      body: { code: 'invalid_one_time_code' },
    });
    expect((await lastEvents(1))[0]).toMatchObject({
      event: 'authentication.email_verification_failed',
      data: { user_id: user.id, error: { code: 'invalid_one_time_code' } },
    });
    const { status, body } = await authenticate({ ...step, code });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      user: { id: user.id, email_verified: true },
      authentication_method: 'Password',
    });
    expect((await lastEvents(4)).map((event: Json) => event.event)).toEqual([
      'user.updated',
      'authentication.email_verification_succeeded',
      'user.updated',
      'session.created',
    ]);
    expect((await authenticate({ ...step, code })).body.code).toBe('invalid_pending_authentication_token');
  });

  it('ends after five wrong codes, until another is sent', async () => {
    const user = await makeUser({ email_verified: false });
    const { pending_authentication_token } = (await withPassword(user.email)).body;
    const code = lastCodeTo(user.email);
    const step = { grant_type: grants.emailVerification, pending_authentication_token };
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await authenticate({ ...step, code: otherCode(code) })).body.code).toBe(
        'invalid_one_time_code',
      );
    }
    expect((await authenticate({ ...step, code })).body.code).toBe('one_time_code_too_many_attempts');
    const again = (await withPassword(user.email)).body.pending_authentication_token;
    const fresh = { ...step, pending_authentication_token: again, code: lastCodeTo(user.email) };
    expect((await authenticate(fresh)).status).toBe(200);
  });

  it('gives ten minutes', async () => {
    const user = await makeUser({ email_verified: false });
    const { pending_authentication_token } = (await withPassword(user.email)).body;
    const code = lastCodeTo(user.email);
    client.clock.advance(10 * 60_000);
    expect(
      (await authenticate({ grant_type: grants.emailVerification, pending_authentication_token, code })).body,
    ).toMatchObject({ code: 'invalid_pending_authentication_token' });
    const later = (await withPassword(user.email)).body.pending_authentication_token;
    expect(
      (
        await authenticate({
          grant_type: grants.emailVerification,
          pending_authentication_token: later,
          code,
        })
      ).body.code,
    ).toBe('invalid_one_time_code');
  });
});

describe('signing in with a magic code', () => {
  const send = async (email: string, more: object = {}) =>
    (await client.post('/user_management/magic_auth', { email, ...more })).body;
  const withCode = (email: string, code: string) =>
    authenticate({ grant_type: grants.magicAuth, email, code });

  it('signs in once, and verifies the address', async () => {
    const user = await makeUser({ email_verified: false });
    const { id, code } = await send(user.email);
    expect(lastCodeTo(user.email)).toBe(code);
    expect((await client.get(`/user_management/magic_auth/${id}`)).body).toMatchObject({
      code,
      user_id: user.id,
    });
    expect((await withCode(user.email, code)).body).toMatchObject({
      user: { id: user.id, email_verified: true },
      authentication_method: 'MagicAuth',
    });
    expect((await withCode(user.email, code)).body.code).toBe('one_time_code_previously_used');
    expect((await lastEvents(1))[0]).toMatchObject({
      event: 'authentication.magic_auth_failed',
      data: { error: { code: 'one_time_code_previously_used' } },
    });
  });

  it('makes a user of who has none', async () => {
    const email = address();
    const { code, user_id } = await send(email);
    expect((await withCode(email, code)).body.user).toMatchObject({ id: user_id, email });
  });

  it('takes the newest code alone, for ten minutes', async () => {
    const user = await makeUser();
    const [first, second] = [await send(user.email), await send(user.email)];
    if (first.code !== second.code) {
      expect((await withCode(user.email, first.code)).body.code).toBe('invalid_one_time_code');
    }
    client.clock.advance(10 * 60_000);
    expect((await withCode(user.email, second.code)).body.code).toBe('one_time_code_expired');
  });

  it('ends after five wrong codes', async () => {
    const user = await makeUser();
    const { code } = await send(user.email);
    for (let attempt = 0; attempt < 5; attempt += 1) await withCode(user.email, otherCode(code));
    expect((await withCode(user.email, code)).body.code).toBe('one_time_code_too_many_attempts');
  });

  it('is of one user alone', async () => {
    const [one, other] = [await makeUser(), await makeUser()];
    const { code } = await send(one.email);
    expect((await withCode(other.email, code)).body.code).toBe('invalid_one_time_code');
    expect((await withCode('nobody@authenticate.example', code)).body.code).toBe('invalid_one_time_code');
  });

  it('tells of the code without it', async () => {
    const user = await makeUser();
    const { code, ...told } = await send(user.email);
    const [event] = await lastEvents(1);
    expect(event).toMatchObject({ event: 'magic_auth.created', data: told });
    expect(JSON.stringify(event.data)).not.toContain(`"${code}"`);
  });

  it('is for an address, and for an invitation that is open', async () => {
    expect((await client.post('/user_management/magic_auth', { email: 'nobody' })).status).toBe(422);
    expect(
      await client.post('/user_management/magic_auth', { email: address(), invitation_token: 'none' }),
    ).toMatchObject({ status: 400, body: { error: 'invitation_invalid' } });
    expect((await client.get('/user_management/magic_auth/magic_auth_none')).status).toBe(404);
  });
});

describe('signing in with a second factor', () => {
  async function enrolled() {
    const user = await makeUser();
    const { authentication_factor: factor } = (
      await client.post(`/user_management/users/${user.id}/auth_factors`, { type: 'totp' })
    ).body;
    return { user, factor, secret: factor.totp.secret as string };
  }
  const challenge = async (factorId: string) =>
    (await client.post(`/auth/factors/${factorId}/challenge`, {})).body.id as string;

  it('asks for a code of it after the password, and takes each code once', async () => {
    const { user, factor, secret } = await enrolled();
    const refused = await withPassword(user.email);
    expect(refused).toMatchObject({
      status: 403,
      body: {
        code: 'mfa_challenge',
        user: { id: user.id },
        authentication_factors: [{ id: factor.id, type: 'totp' }],
      },
    });
    const { pending_authentication_token } = refused.body;
    const code = codeOf(secret, client.clock.now());
    const step = { grant_type: grants.mfa, pending_authentication_token };
    const first = { ...step, authentication_challenge_id: await challenge(factor.id) };
    expect((await authenticate({ ...first, code: otherCode(code) })).body.code).toBe('invalid_one_time_code');
    expect((await lastEvents(1))[0]).toMatchObject({ event: 'authentication.mfa_failed' });
    expect(await authenticate({ ...first, code })).toMatchObject({
      status: 200,
      body: { user: { id: user.id }, authentication_method: 'Password' },
    });
    expect((await lastEvents(3))[0]).toMatchObject({
      event: 'authentication.mfa_succeeded',
      data: { user_id: user.id },
    });
    const again = {
      grant_type: grants.mfa,
      pending_authentication_token: (await withPassword(user.email)).body.pending_authentication_token,
    };
    expect(
      (
        await authenticate({
          ...again,
          authentication_challenge_id: first.authentication_challenge_id,
          code,
        })
      ).body.code,
    ).toBe('one_time_code_previously_used');
    const second = { ...again, authentication_challenge_id: await challenge(factor.id) };
    expect((await authenticate({ ...second, code })).body.code).toBe('invalid_one_time_code');
    client.clock.advance(30_000);
    expect((await authenticate({ ...second, code: codeOf(secret, client.clock.now()) })).status).toBe(200);
  });

  it('takes no challenge of somebody else, and none that is not there', async () => {
    const [one, other] = [await enrolled(), await enrolled()];
    const { pending_authentication_token } = (await withPassword(one.user.email)).body;
    const step = { grant_type: grants.mfa, pending_authentication_token };
    expect(
      (
        await authenticate({
          ...step,
          authentication_challenge_id: await challenge(other.factor.id),
          code: codeOf(other.secret, client.clock.now()),
        })
      ).body.code,
    ).toBe('user_mismatch');
    expect(
      (await authenticate({ ...step, authentication_challenge_id: 'auth_challenge_none', code: '1' })).status,
    ).toBe(404);
  });

  it('cannot be left out by choosing an organization', async () => {
    const { user } = await enrolled();
    const organization = await makeMember(user, 'Northwind');
    await makeMember(user, 'Southwind');
    const { pending_authentication_token } = (await withPassword(user.email)).body;
    expect(
      (
        await authenticate({
          grant_type: grants.organization,
          pending_authentication_token,
          organization_id: organization.id,
        })
      ).body.code,
    ).toBe('mfa_challenge');
  });
});

describe('signing in to an organization', () => {
  it('is into the only one there is, with its roles and permissions in the token', async () => {
    await client.post('/authorization/permissions', { slug: 'boats:sail', name: 'Sail' });
    await client.post('/authorization/roles', { slug: 'sailor', name: 'Sailor' });
    await client.put('/authorization/roles/sailor/permissions', { permissions: ['boats:sail'] });
    const user = await makeUser();
    const organization = await makeMember(user, 'Northwind', 'sailor');
    const { body } = await withPassword(user.email);
    expect(body.organization_id).toBe(organization.id);
    expect(decodeJwt(body.access_token)).toMatchObject({
      org_id: organization.id,
      role: 'sailor',
      roles: ['sailor'],
      permissions: ['boats:sail'],
    });
  });

  it('has the feature flags that are on for the user in the token', async () => {
    const user = await makeUser();
    const [flag] = (await client.get('/feature-flags')).body.data;
    await client.put(`/feature-flags/${flag.slug}/enable`);
    const flags = async () => decodeJwt((await withPassword(user.email)).body.access_token)['feature_flags'];
    const before = await flags();
    await client.post(`/feature-flags/${flag.slug}/targets/${user.id}`);
    expect(await flags()).toContain(flag.slug);
    expect(before).toBeInstanceOf(Array);
  });

  it('of several asks which, and takes none the user is not in', async () => {
    const user = await makeUser();
    const [north, south] = [await makeMember(user, 'Northwind'), await makeMember(user, 'Southwind')];
    const elsewhere = (await client.post('/organizations', { name: 'Elsewhere' })).body;
    const refused = await withPassword(user.email);
    expect(refused).toMatchObject({
      status: 403,
      body: {
        code: 'organization_selection_required',
        user: { id: user.id },
        organizations: [
          { id: north.id, name: 'Northwind' },
          { id: south.id, name: 'Southwind' },
        ],
      },
    });
    const { pending_authentication_token } = refused.body;
    const step = { grant_type: grants.organization, pending_authentication_token };
    for (const organization_id of [elsewhere.id, 'org_none']) {
      expect((await authenticate({ ...step, organization_id })).body.code).toBe('invalid_organization_id');
    }
    const { body } = await authenticate({ ...step, organization_id: south.id });
    expect(body.organization_id).toBe(south.id);
    expect((await authenticate({ ...step, organization_id: south.id })).body.code).toBe(
      'invalid_pending_authentication_token',
    );
  });

  it('does not count memberships that are not active', async () => {
    const user = await makeUser();
    const north = await makeMember(user, 'Northwind');
    await makeMember(user, 'Southwind');
    const { data } = (
      await client.get(
        `/user_management/organization_memberships?user_id=${user.id}&organization_id=${north.id}`,
      )
    ).body;
    await client.put(`/user_management/organization_memberships/${data[0].id}/deactivate`);
    expect((await withPassword(user.email)).body.organization_id).not.toBe(north.id);
  });
});

describe('signing in with an invitation', () => {
  const invite = async (fields: object) => (await client.post('/user_management/invitations', fields)).body;

  it('makes a member of who was invited, and is into that organization', async () => {
    const user = await makeUser();
    await makeMember(user, 'Northwind');
    const { id: organization_id } = (await client.post('/organizations', { name: 'Inviting' })).body;
    const { id, token } = await invite({ email: user.email, organization_id, role_slug: 'admin' });
    const { body } = await withPassword(user.email, { invitation_token: token });
    expect(body.organization_id).toBe(organization_id);
    expect(decodeJwt(body.access_token)).toMatchObject({ org_id: organization_id, role: 'admin' });
    expect((await client.get(`/user_management/invitations/${id}`)).body).toMatchObject({
      state: 'accepted',
      accepted_user_id: user.id,
    });
    expect(await withPassword(user.email, { invitation_token: token })).toMatchObject({
      status: 400,
      body: { error: 'invitation_invalid' },
    });
  });

  it('to an organization is for who was invited, or a colleague; to the application for anybody', async () => {
    const { id: organization_id } = (await client.post('/organizations', { name: 'Inviting' })).body;
    const [stranger, colleague] = [await makeUser(), await makeUser({ email: 'colleague@company.example' })];
    const { token } = await invite({ email: 'boss@company.example', organization_id });
    expect(await withPassword(stranger.email, { invitation_token: token })).toMatchObject({
      status: 400,
      body: { error: 'invitation_cannot_be_used_for_email' },
    });
    expect((await withPassword(colleague.email, { invitation_token: token })).status).toBe(200);
    const consumer = await makeUser({ email: 'somebody@gmail.com' });
    const personal = await invite({ email: 'other@gmail.com', organization_id });
    expect((await withPassword(consumer.email, { invitation_token: personal.token })).body.error).toBe(
      'invitation_cannot_be_used_for_email',
    );
    const open = await invite({ email: 'new@company.example' });
    expect((await withPassword(stranger.email, { invitation_token: open.token })).status).toBe(200);
  });

  it('is not accepted before the address is verified', async () => {
    const user = await makeUser({ email_verified: false });
    const { id: organization_id } = (await client.post('/organizations', { name: 'Inviting' })).body;
    const { id, token } = await invite({ email: user.email, organization_id });
    const { pending_authentication_token } = (await withPassword(user.email, { invitation_token: token }))
      .body;
    expect((await client.get(`/user_management/invitations/${id}`)).body.state).toBe('pending');
    const { body } = await authenticate({
      grant_type: grants.emailVerification,
      pending_authentication_token,
      code: lastCodeTo(user.email),
    });
    expect(body.organization_id).toBe(organization_id);
  });
});

describe('a refresh token', () => {
  const refresh = (refresh_token: string, more: object = {}) =>
    authenticate({ grant_type: 'refresh_token', refresh_token, ...more });

  it('gives new tokens of the same session, once', async () => {
    const user = await makeUser();
    const { access_token, refresh_token } = (await withPassword(user.email)).body;
    const { body } = await refresh(refresh_token);
    expect(body.user.id).toBe(user.id);
    expect(body.refresh_token).not.toBe(refresh_token);
    const [before, after] = [decodeJwt(access_token), decodeJwt(body.access_token)];
    expect(after['sid']).toBe(before['sid']);
    expect(after.jti).not.toBe(before.jti);
    expect((await refresh(body.refresh_token)).status).toBe(200);
  });

  it('that is used again revokes the session: somebody has a copy', async () => {
    const user = await makeUser();
    const { refresh_token } = (await withPassword(user.email)).body;
    const second = (await refresh(refresh_token)).body.refresh_token;
    expect(await refresh(refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await lastEvents(1))[0]).toMatchObject({ event: 'session.revoked', data: { user_id: user.id } });
    expect((await refresh(second)).body.error).toBe('invalid_grant');
  });

  it('moves to another organization of the user, and to no other', async () => {
    const user = await makeUser();
    const north = await makeMember(user, 'Northwind');
    const { refresh_token } = (await withPassword(user.email)).body;
    const south = await makeMember(user, 'Southwind');
    const elsewhere = (await client.post('/organizations', { name: 'Elsewhere' })).body;
    expect((await refresh(refresh_token, { organization_id: elsewhere.id })).body.error).toBe(
      'organization_membership_not_found',
    );
    expect((await refresh(refresh_token, { organization_id: 'org_none' })).body.error).toBe(
      'organization_not_found',
    );
    // A refusal has not used it up.
    const moved = (await refresh(refresh_token, { organization_id: south.id })).body;
    expect(decodeJwt(moved.access_token)).toMatchObject({ org_id: south.id });
    expect((await refresh(moved.refresh_token)).body.organization_id).toBe(south.id);
    expect(north.id).not.toBe(south.id);
  });

  it('is worth nothing once the user has left the organization of the session', async () => {
    const user = await makeUser();
    const north = await makeMember(user, 'Northwind');
    const { refresh_token } = (await withPassword(user.email)).body;
    const [membership] = (
      await client.get(
        `/user_management/organization_memberships?user_id=${user.id}&organization_id=${north.id}`,
      )
    ).body.data;
    await client.delete(`/user_management/organization_memberships/${membership.id}`);
    expect((await refresh(refresh_token)).body.error).toBe('invalid_grant');
    expect((await refresh(refresh_token, { organization_id: north.id })).body.error).toBe(
      'organization_membership_not_found',
    );
  });

  it('of a confidential client needs its secret', async () => {
    const user = await makeUser();
    const { refresh_token } = (await withPassword(user.email)).body;
    expect((await refresh(refresh_token, { client_secret: undefined })).body.error).toBe('invalid_client');
    expect((await refresh(refresh_token, { client_secret: 'sk_wrong' })).body.error).toBe('invalid_client');
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('ends with its session: after thirty days, or when it is revoked', async () => {
    const user = await makeUser();
    const one = (await withPassword(user.email)).body;
    const session_id = decodeJwt(one.access_token)['sid'];
    expect((await client.post('/user_management/sessions/revoke', { session_id })).status).toBe(200);
    expect((await refresh(one.refresh_token)).body.error).toBe('invalid_grant');
    const other = (await withPassword(user.email)).body;
    client.clock.advance(30 * 24 * 3_600_000);
    expect((await refresh(other.refresh_token)).body.error).toBe('invalid_grant');
  });

  it('that was made up is none', async () => {
    expect((await refresh('x'.repeat(25))).body.error).toBe('invalid_grant');
  });
});

describe('what another environment gave out', () => {
  it('is worth nothing here', async () => {
    const other = FileClient.open();
    const user = (
      await other.post('/user_management/users', {
        email: 'a@b.example',
        email_verified: true,
        ...quickPassword(password),
      })
    ).body;
    const { refresh_token } = (
      await other.post('/user_management/authenticate', {
        ...confidential,
        grant_type: 'password',
        email: user.email,
        password,
      })
    ).body;
    other.close();
    expect((await authenticate({ grant_type: 'refresh_token', refresh_token })).body.error).toBe(
      'invalid_grant',
    );
  });

  it('of the same server is not either', async () => {
    const shared = FileClient.open();
    shared.database.run(
      `INSERT INTO environments (id, name, client_id, api_key_hash, created_at)
       VALUES ('environment_2', 'Other', 'client_other', ?, '2026-01-01T00:00:00.000Z')`,
      [(await import('../../kit/environments.ts')).hashSecret('sk_test_other')],
    );
    const there = { client_id: 'client_other', client_secret: 'sk_test_other' };
    const user = (
      await shared.post('/user_management/users', {
        email: 'a@b.example',
        email_verified: true,
        ...quickPassword(password),
      })
    ).body;
    const ask = (body: object) => shared.post('/user_management/authenticate', body, { key: null });
    const { refresh_token, access_token } = (
      await ask({ ...confidential, grant_type: 'password', email: user.email, password })
    ).body;
    expect((await ask({ ...there, grant_type: 'password', email: user.email, password })).body.code).toBe(
      'invalid_credentials',
    );
    expect((await ask({ ...there, grant_type: 'refresh_token', refresh_token })).body.error).toBe(
      'invalid_grant',
    );
    // The secret of one environment does not open another.
    expect(
      (
        await ask({
          ...there,
          client_secret: localAccount.apiKey,
          grant_type: 'refresh_token',
          refresh_token,
        })
      ).body.error,
    ).toBe('invalid_client');
    const session_id = decodeJwt(access_token)['sid'];
    expect(
      (await shared.post('/user_management/sessions/revoke', { session_id }, { key: 'sk_test_other' })).body
        .code,
    ).toBe('invalid_session_id');
    shared.close();
  });
});
