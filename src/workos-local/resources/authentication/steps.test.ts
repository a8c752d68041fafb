import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from '../../index.ts';
import { codeOf } from '../../testing/authenticator.ts';
import { FileClient } from '../../testing/file-client.ts';
import { type Json, LocalClient, manifest, type Reply } from '../../testing/local-client.ts';
import { Chance, nearValue } from '../../testing/odd-values.ts';
import { quickPassword } from '../../testing/quick-password.ts';

const password = 'seven quiet rivers';
const confidential = { client_id: localAccount.clientId, client_secret: localAccount.apiKey };
const urn = 'urn:workos:oauth:grant-type';
let client: FileClient;
beforeAll(() => {
  client = FileClient.open();
});
afterAll(() => {
  client.close();
});

const authenticate = (body: object): Promise<Reply> =>
  client.post('/user_management/authenticate', { ...confidential, ...body }, { key: null });

interface Situation {
  readonly verified: boolean;
  readonly factor: boolean;
  readonly organizations: number;
}

let made = 0;
async function makeUser({ verified, factor, organizations }: Situation) {
  made += 1;
  const email = `person-${made}@steps.example`;
  const user: Json = (
    await client.post('/user_management/users', {
      email,
      email_verified: verified,
      ...quickPassword(password),
    })
  ).body;
  const ids: string[] = [];
  for (let count = 0; count < organizations; count += 1) {
    const { id } = (await client.post('/organizations', { name: `Of ${email}` })).body;
    await client.post('/user_management/organization_memberships', { user_id: user.id, organization_id: id });
    ids.push(id);
  }
  const path = `/user_management/users/${user.id}/auth_factors`;
  const enrolled = factor ? (await client.post(path, { type: 'totp' })).body.authentication_factor : null;
  return { user, ids, factor: enrolled };
}

const situations: Situation[] = [true, false].flatMap((verified) =>
  [true, false].flatMap((factor) => [0, 1, 2].map((organizations) => ({ verified, factor, organizations }))),
);

describe('the steps of a sign-in', () => {
  it.each(situations)('of %j come one after the other, and none can be left out', async (situation) => {
    const { user, ids, factor } = await makeUser(situation);
    const expected = [
      ...(situation.verified ? [] : ['email_verification_required']),
      ...(situation.factor ? ['mfa_challenge'] : []),
      ...(situation.organizations > 1 ? ['organization_selection_required'] : []),
    ];
    let answer = await authenticate({ grant_type: 'password', email: user.email, password });
    for (const code of expected) {
      expect([answer.status, answer.body.code]).toEqual([403, code]);
      expect(answer.body).not.toHaveProperty('access_token');
      const { pending_authentication_token } = answer.body;
      if (code !== 'organization_selection_required' && ids[0] !== undefined) {
        // Choosing an organization does not get around what comes first.
        const early = await authenticate({
          grant_type: `${urn}:organization-selection`,
          pending_authentication_token,
          organization_id: ids[0],
        });
        expect([early.status, early.body.code]).toEqual([403, code]);
        answer = await take(code, early.body.pending_authentication_token, user, factor, ids);
        if (situation.organizations > 1) {
          // The organization has been chosen with it.
          expected.splice(expected.indexOf('organization_selection_required'), 1);
          situation = { ...situation, organizations: 1 };
        }
      } else answer = await take(code, pending_authentication_token, user, factor, ids);
    }
    expect(answer.status).toBe(200);
    const { org_id } = decodeJwt(answer.body.access_token) as { org_id?: string };
    expect(org_id === undefined ? [] : [org_id]).toEqual(ids.slice(0, 1));
    const { data } = (await client.get(`/user_management/users/${user.id}/sessions`)).body;
    expect(data).toHaveLength(1);
  });
});

async function take(
  code: string,
  pending_authentication_token: string,
  user: Json,
  factor: Json,
  ids: readonly string[],
): Promise<Reply> {
  const step = { pending_authentication_token };
  if (code === 'email_verification_required') {
    const sent = client.mailTo(user.email).at(-1)?.code;
    return authenticate({ ...step, grant_type: `${urn}:email-verification:code`, code: sent });
  }
  if (code === 'mfa_challenge') {
    const challenge = (await client.post(`/auth/factors/${factor.id}/challenge`, {})).body;
    return authenticate({
      ...step,
      grant_type: `${urn}:mfa-totp`,
      authentication_challenge_id: challenge.id,
      code: codeOf(factor.totp.secret, client.clock.now()),
    });
  }
  return authenticate({ ...step, grant_type: `${urn}:organization-selection`, organization_id: ids[0] });
}

describe('odd requests of a client that is known', () => {
  it('sign nobody in, break nothing and make no session', async () => {
    const entry = manifest.index.operations.find(
      ({ operationId }) => operationId === 'UserlandSessionsController_authenticate[0]',
    );
    if (entry === undefined) throw new Error('The document has the operation.');
    const schema = manifest.operation(entry).body?.schema;
    const { user } = await makeUser({ verified: false, factor: true, organizations: 2 });
    const { pending_authentication_token } = (
      await authenticate({ grant_type: 'password', email: user.email, password })
    ).body;
    const chance = new Chance(11);
    const texts = [
      pending_authentication_token,
      user.email,
      user.id,
      '000000',
      '🜁'.repeat(40),
      "' OR 1=1 --",
      '\u202e',
      'x'.repeat(5000),
    ];
    for (let round = 0; round < 400; round += 1) {
      const value = nearValue(schema, (name) => manifest.schema(name), chance);
      const body = typeof value === 'object' && value !== null ? { ...value } : {};
      for (const name of Object.keys(body)) {
        if (name !== 'grant_type' && chance.next() < 0.5) Object.assign(body, { [name]: chance.pick(texts) });
      }
      const { status } = await authenticate({ ...body, ...confidential });
      expect(status).toBeGreaterThanOrEqual(400);
    }
    const { data } = (await client.get(`/user_management/users/${user.id}/sessions`)).body;
    expect(data).toEqual([]);
  });
});

describe('a server that starts again', () => {
  it('knows its keys, its sessions and who is half signed in', async () => {
    const { user, ids } = await makeUser({ verified: true, factor: false, organizations: 2 });
    const refused = await authenticate({ grant_type: 'password', email: user.email, password });
    const before = await client.get(`/sso/jwks/${localAccount.clientId}`, { key: null });
    const again = new LocalClient({ database: client.database.path, clock: client.clock });
    const ask = (body: object) =>
      again.post('/user_management/authenticate', { ...confidential, ...body }, { key: null });
    const signedIn = await ask({
      grant_type: `${urn}:organization-selection`,
      pending_authentication_token: refused.body.pending_authentication_token,
      organization_id: ids[1],
    });
    expect(signedIn.body.organization_id).toBe(ids[1]);
    const { refresh_token } = signedIn.body;
    expect((await ask({ grant_type: 'refresh_token', refresh_token })).status).toBe(200);
    expect((await again.get(`/sso/jwks/${localAccount.clientId}`)).body).toEqual(before.body);
    // Whichever of two servers it was shown to, a refresh token is good once.
    expect((await authenticate({ grant_type: 'refresh_token', refresh_token })).body.error).toBe(
      'invalid_grant',
    );
    again.server.close();
  });
});
