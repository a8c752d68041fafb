import { AuthenticationException, OauthException, WorkOS } from '@workos-inc/node';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from './index.ts';
import { type Listening, listen } from './server.ts';
import { codeOf } from './testing/authenticator.ts';
import { FileClient } from './testing/file-client.ts';
import { PageClient } from './testing/page-client.ts';

const password = 'seven quiet rivers';
const cookiePassword = 'a password of thirty-two characters or more';
const redirectUri = 'http://localhost:3000/callback';

let client: FileClient;
let listening: Listening;
let workos: WorkOS;
let userManagement: WorkOS['userManagement'];
/** What a browser or a phone has: no key. */
let publicClient: WorkOS['userManagement'];

beforeAll(async () => {
  client = FileClient.open();
  // The SDK verifies tokens by the clock of the machine.
  client.clock.advance(Date.now() - client.clock.now());
  listening = await listen(client.server, { port: 0 });
  const where = {
    apiHostname: '127.0.0.1',
    port: Number(new URL(listening.url).port),
    https: false,
    clientId: localAccount.clientId,
  };
  workos = new WorkOS(localAccount.apiKey, where);
  ({ userManagement } = workos);
  publicClient = new WorkOS(where).userManagement;
});
afterAll(async () => {
  await listening.close();
  client.close();
});

let made = 0;
const address = () => {
  made += 1;
  return `person-${made}@sdk-authentication.example`;
};
const makeUser = (fields: object = {}) =>
  userManagement.createUser({ email: address(), password, emailVerified: true, ...fields });

async function makeMember(userId: string, name: string) {
  const organization = await workos.organizations.createOrganization({ name });
  await userManagement.createOrganizationMembership({ userId, organizationId: organization.id });
  return organization;
}

const lastCodeTo = (email: string) => client.mailTo(email).at(-1)?.code ?? '';

/** What is refused with one more step to do. */
async function stepOf(attempt: Promise<unknown>): Promise<AuthenticationException> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof AuthenticationException) return error;
  throw new Error('There is no step left.', { cause: error });
}

/** Signs in on the hosted pages: the code they lead back with. */
async function codeFor(url: string, email: string): Promise<string> {
  const tab = new PageClient(client.server, listening.url);
  const page = await tab.get(url);
  const back = await tab.submit(page, { fields: { email, password }, button: 'Sign in' });
  return back.leaves?.searchParams.get('code') ?? '';
}

describe('the official SDK signs in', () => {
  it('with a password, and verifies the access token by the key set', async () => {
    const user = await makeUser();
    const organization = await makeMember(user.id, 'Northwind');
    const answer = await userManagement.authenticateWithPassword({ email: user.email, password });
    expect(answer).toMatchObject({
      user: { id: user.id },
      organizationId: organization.id,
      authenticationMethod: 'Password',
    });
    expect(answer.impersonator).toBeUndefined();
    const jwks = createRemoteJWKSet(new URL(userManagement.getJwksUrl(localAccount.clientId)));
    const { payload } = await jwtVerify(answer.accessToken, jwks);
    expect(payload).toMatchObject({ sub: user.id, org_id: organization.id, role: 'member' });
    await expect(
      userManagement.authenticateWithPassword({ email: user.email, password: 'no' }),
    ).rejects.toMatchObject({ status: 400, rawData: { code: 'invalid_credentials' } });
  });

  it('with a code of the hosted pages, by its secret and by PKCE', async () => {
    const user = await makeUser();
    const url = userManagement.getAuthorizationUrl({ provider: 'authkit', redirectUri, state: 's' });
    const answer = await userManagement.authenticateWithCode({ code: await codeFor(url, user.email) });
    expect(answer.user.id).toBe(user.id);
    const pkce = await userManagement.getAuthorizationUrlWithPKCE({ provider: 'authkit', redirectUri });
    const code = await codeFor(pkce.url, user.email);
    await expect(
      publicClient.authenticateWithCodeAndVerifier({ code, codeVerifier: 'w'.repeat(43) }),
    ).rejects.toBeInstanceOf(OauthException);
    const open = await publicClient.authenticateWithCodeAndVerifier({
      code,
      codeVerifier: pkce.codeVerifier,
    });
    const refreshed = await publicClient.authenticateWithRefreshToken({ refreshToken: open.refreshToken });
    expect(refreshed.user.id).toBe(user.id);
  });

  it('with a magic code', async () => {
    const { id, email, code } = await userManagement.createMagicAuth({ email: address() });
    expect(await userManagement.getMagicAuth(id)).toMatchObject({ code });
    const answer = await userManagement.authenticateWithMagicAuth({ email, code });
    expect(answer).toMatchObject({ user: { email }, authenticationMethod: 'MagicAuth' });
  });

  it('with an e-mail verification code, a second factor and an organization, one after the other', async () => {
    const user = await makeUser({ emailVerified: false });
    await makeMember(user.id, 'Northwind');
    const south = await makeMember(user.id, 'Southwind');
    const { authenticationFactor: factor } = await workos.multiFactorAuth.createUserAuthFactor({
      userId: user.id,
      type: 'totp',
      totpIssuer: 'Shop',
    });
    expect((await workos.multiFactorAuth.listUserAuthFactors({ userId: user.id })).data).toHaveLength(1);
    const verify = await stepOf(userManagement.authenticateWithPassword({ email: user.email, password }));
    expect(verify.code).toBe('email_verification_required');
    const verificationId = String(
      (verify.rawData as { email_verification_id?: string }).email_verification_id,
    );
    expect((await userManagement.getEmailVerification(verificationId)).code).toBe(lastCodeTo(user.email));
    const second = await stepOf(
      userManagement.authenticateWithEmailVerification({
        code: lastCodeTo(user.email),
        pendingAuthenticationToken: verify.pendingAuthenticationToken ?? '',
      }),
    );
    expect(second.code).toBe('mfa_challenge');
    const challenge = await workos.multiFactorAuth.challengeFactor({ authenticationFactorId: factor.id });
    const choose = await stepOf(
      userManagement.authenticateWithTotp({
        code: codeOf(factor.totp.secret, Date.now()),
        pendingAuthenticationToken: second.pendingAuthenticationToken ?? '',
        authenticationChallengeId: challenge.id,
      }),
    );
    expect(choose.code).toBe('organization_selection_required');
    const answer = await userManagement.authenticateWithOrganizationSelection({
      organizationId: south.id,
      pendingAuthenticationToken: choose.pendingAuthenticationToken ?? '',
    });
    expect(answer).toMatchObject({ user: { id: user.id, emailVerified: true }, organizationId: south.id });
  });
});

describe('a sealed session of the official SDK', () => {
  it('is authenticated, refreshed, moved to another organization, and ends with a logout', async () => {
    const user = await makeUser();
    const north = await makeMember(user.id, 'Northwind');
    const { sealedSession = '' } = await userManagement.authenticateWithPassword({
      email: user.email,
      password,
      session: { sealSession: true, cookiePassword },
    });
    const session = userManagement.loadSealedSession({ sessionData: sealedSession, cookiePassword });
    expect(await session.authenticate()).toMatchObject({
      authenticated: true,
      organizationId: north.id,
      role: 'member',
      roles: ['member'],
      user: { id: user.id },
    });
    expect(await session.refresh()).toMatchObject({ authenticated: true, organizationId: north.id });
    const south = await makeMember(user.id, 'Southwind');
    expect(await session.refresh({ organizationId: south.id })).toMatchObject({ organizationId: south.id });
    const { data } = await userManagement.listSessions(user.id);
    expect(data).toMatchObject([{ userId: user.id, status: 'active', authMethod: 'password' }]);
    const url = await session.getLogoutUrl({ returnTo: 'http://localhost:3000/bye' });
    const answer = await fetch(url, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'http://localhost:3000/bye']);
    expect(await session.refresh()).toMatchObject({ authenticated: false, reason: 'invalid_grant' });
  });

  it('is revoked by its id', async () => {
    const user = await makeUser();
    await userManagement.authenticateWithPassword({ email: user.email, password });
    const [session] = (await userManagement.listSessions(user.id)).data;
    await userManagement.revokeSession({ sessionId: session?.id ?? '' });
    expect((await userManagement.listSessions(user.id)).data).toEqual([]);
  });
});

describe('the official SDK', () => {
  it('resets passwords', async () => {
    const user = await makeUser();
    const { id, passwordResetToken } = await userManagement.createPasswordReset({ email: user.email });
    expect(await userManagement.getPasswordReset(id)).toMatchObject({ passwordResetToken, userId: user.id });
    await userManagement.resetPassword({ token: passwordResetToken, newPassword: 'nine lazy otters' });
    const answer = await userManagement.authenticateWithPassword({
      email: user.email,
      password: 'nine lazy otters',
    });
    expect(answer.user.emailVerified).toBe(true);
  });

  it('enrolls, challenges, verifies and deletes factors', async () => {
    const { multiFactorAuth } = workos;
    const factor = await multiFactorAuth.enrollFactor({ type: 'totp', issuer: 'Shop', user: 'ada' });
    const challenge = await multiFactorAuth.challengeFactor({ authenticationFactorId: factor.id });
    const verify = (code: string) =>
      multiFactorAuth.verifyChallenge({ authenticationChallengeId: challenge.id, code });
    expect((await verify('000')).valid).toBe(false);
    expect((await verify(codeOf(factor.totp?.secret ?? '', Date.now()))).valid).toBe(true);
    expect((await multiFactorAuth.getFactor(factor.id)).id).toBe(factor.id);
    await multiFactorAuth.deleteFactor(factor.id);
    await expect(multiFactorAuth.getFactor(factor.id)).rejects.toMatchObject({ status: 404 });
    const sms = await multiFactorAuth.enrollFactor({ type: 'sms', phoneNumber: '+15005550006' });
    const sent = await multiFactorAuth.challengeFactor({ authenticationFactorId: sms.id });
    expect(lastCodeTo('+15005550006')).toBe(sent.code);
  });
});
