import { X509Certificate } from 'node:crypto';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from '../../index.ts';
import { FileClient } from '../../testing/file-client.ts';
import type { Json } from '../../testing/local-client.ts';

const password = 'seven quiet rivers';
let client: FileClient;
beforeAll(() => {
  client = FileClient.open();
});
afterAll(() => {
  client.close();
});

let made = 0;
async function signedIn(fields: object = {}): Promise<Json> {
  made += 1;
  const email = `person-${made}@sessions.example`;
  await client.post('/user_management/users', { email, password, email_verified: true, ...fields });
  const { body } = await client.post('/user_management/authenticate', {
    client_id: localAccount.clientId,
    client_secret: localAccount.apiKey,
    grant_type: 'password',
    email,
    password,
  });
  return body;
}

const jwks = async (): Promise<JSONWebKeySet> =>
  (await client.get(`/sso/jwks/${localAccount.clientId}`, { key: null })).body;

const verified = async (token: string) =>
  (
    await jwtVerify(token, createLocalJWKSet(await jwks()), {
      currentDate: new Date(client.clock.now()),
      algorithms: ['RS256'],
    })
  ).payload;

const sessionOf = async (token: string) => String((await verified(token))['sid']);
const listed = async (userId: string) =>
  (await client.get(`/user_management/users/${userId}/sessions`)).body.data as Json[];

describe('an access token', () => {
  it('is signed with the key that the key set shows to everybody, and no other', async () => {
    const { access_token } = await signedIn();
    const { keys } = await jwks();
    expect(decodeProtectedHeader(access_token)).toEqual({ alg: 'RS256', kid: keys[0]?.kid });
    expect(await verified(access_token)).toMatchObject({ sub: expect.stringMatching(/^user_/) });
    const [header = '', payload = '', signature = ''] = access_token.split('.');
    const forged = Buffer.from(payload, 'base64url').toString().replace('user_', 'usex_');
    await expect(
      verified(`${header}.${Buffer.from(forged).toString('base64url')}.${signature}`),
    ).rejects.toThrow('signature verification failed');
  });

  it('is good for five minutes', async () => {
    const { access_token } = await signedIn();
    client.clock.advance(299_000);
    await verified(access_token);
    client.clock.advance(1000);
    await expect(verified(access_token)).rejects.toThrow('"exp" claim');
  });
});

describe('the key set', () => {
  it('stays the same, and holds a certificate of the key', async () => {
    const { keys } = await jwks();
    expect(await jwks()).toEqual({ keys });
    const [key] = keys;
    if (key?.x5c?.[0] === undefined) throw new Error('There is no key.');
    const certificate = new X509Certificate(Buffer.from(key.x5c[0], 'base64'));
    const { n, e } = certificate.publicKey.export({ format: 'jwk' });
    expect({ n, e }).toEqual({ n: key.n, e: key.e });
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toBe(`CN=${localAccount.clientId}`);
    expect(new Date(certificate.validTo) > new Date(client.clock.now())).toBe(true);
    const thumbprint = Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex');
    expect(key).toMatchObject({ 'x5t#S256': thumbprint.toString('base64url') });
  });

  it('is of a client that is there', async () => {
    expect((await client.get('/sso/jwks/client_none')).status).toBe(404);
  });
});

describe('the sessions of a user', () => {
  it('are those that go on, with where they came from', async () => {
    const { user, access_token } = await signedIn();
    const id = await sessionOf(access_token);
    expect(await listed(user.id)).toMatchObject([
      { object: 'session', id, status: 'active', auth_method: 'password', ended_at: null, ip_address: null },
    ]);
    client.clock.advance(30 * 24 * 3_600_000);
    expect(await listed(user.id)).toEqual([]);
    expect((await client.get('/user_management/users/user_none/sessions')).status).toBe(404);
  });

  it('are revoked by their id, once, which is told of', async () => {
    const { user, access_token } = await signedIn();
    const session_id = await sessionOf(access_token);
    const revoke = (body: object) => client.post('/user_management/sessions/revoke', body);
    expect((await revoke({ session_id })).status).toBe(200);
    expect(await listed(user.id)).toEqual([]);
    const events = await client.events();
    expect(events.at(-1)).toMatchObject({
      event: 'session.revoked',
      data: { id: session_id, status: 'revoked', ended_at: new Date(client.clock.now()).toISOString() },
    });
    expect((await revoke({ session_id })).status).toBe(200);
    expect(await client.events()).toEqual(events);
    expect((await revoke({ session_id: 'session_none' })).body.code).toBe('invalid_session_id');
  });

  it('go with the user', async () => {
    const { user, refresh_token } = await signedIn();
    await client.delete(`/user_management/users/${user.id}`);
    const answer = await client.post('/user_management/authenticate', {
      client_id: localAccount.clientId,
      client_secret: localAccount.apiKey,
      grant_type: 'refresh_token',
      refresh_token,
    });
    expect(answer.body.error).toBe('invalid_grant');
  });
});

describe('logging out', () => {
  const logout = (query: Record<string, string>) =>
    client.get(`/user_management/sessions/logout?${new URLSearchParams(query).toString()}`, { key: null });

  it('ends the session and sends the browser where it was told, on a site that sign-in returns to', async () => {
    await client.post('/user_management/redirect_uris', { uri: 'https://app.example/callback' });
    const { user, access_token } = await signedIn();
    const session_id = await sessionOf(access_token);
    for (const return_to of [
      'https://evil.example/',
      'https://app.example.evil.example/',
      'https://app.example@evil.example/',
      'http://app.example/',
      '//evil.example',
      'javascript:alert(1)',
    ]) {
      expect((await logout({ session_id, return_to })).body.code).toBe('invalid_return_to');
    }
    expect(await listed(user.id)).toHaveLength(1);
    const answer = await logout({ session_id, return_to: 'https://app.example/bye' });
    expect(answer).toMatchObject({ status: 302, headers: { location: 'https://app.example/bye' } });
    expect(await listed(user.id)).toEqual([]);
    // A second click is no error.
    expect((await logout({ session_id })).headers['location']).toBe('/authkit/signed-out');
  });

  it('needs a session that was there', async () => {
    expect((await logout({ session_id: 'session_none' })).status).toBe(422);
    expect((await logout({})).status).toBe(422);
  });
});
