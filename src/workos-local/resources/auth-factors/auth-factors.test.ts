import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf } from '../../testing/authenticator.ts';
import { FileClient } from '../../testing/file-client.ts';
import type { Json } from '../../testing/local-client.ts';
import { loadTotp } from './totp.ts';

let client: FileClient;
let user: Json;
beforeAll(async () => {
  client = FileClient.open();
  user = (await client.post('/user_management/users', { email: 'ada@factors.example' })).body;
});
afterAll(() => {
  client.close();
});

const enroll = async (body: object) => (await client.post('/auth/factors/enroll', body)).body;
const totp = (more: object = {}) => enroll({ type: 'totp', totp_issuer: 'Shop', totp_user: 'ada', ...more });
const challenge = async (factorId: string, body: object = {}) =>
  (await client.post(`/auth/factors/${factorId}/challenge`, body)).body;
const verify = (challengeId: string, code: string) =>
  client.post(`/auth/challenges/${challengeId}/verify`, { code });
const now = (secret: string, offset = 0) => codeOf(secret, client.clock.now() + offset);
const other = (code: string) => (code === '000000' ? '000001' : '000000');

describe('one-time passwords', () => {
  it('are those of RFC 6238', async () => {
    const totps = await loadTotp();
    // The secret of appendix B, whose codes have eight digits there: these are their last six.
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    expect(totps.stepOf(secret, '287082', 59_000)).toBe(1);
    expect(totps.stepOf(secret, '081804', 1_111_111_109_000)).toBe(37_037_036);
    expect(totps.stepOf(secret, '005924', 1_234_567_890_000)).toBe(41_152_263);
    expect(totps.stepOf(secret, '279037', 2_000_000_000_000)).toBe(66_666_666);
    expect(totps.stepOf(secret, '287083', 59_000)).toBeNull();
    expect(totps.stepOf(secret, '28708', 59_000)).toBeNull();
  });
});

describe('a factor', () => {
  it('of an authenticator shows its secret once, as a text, an address and an image', async () => {
    const factor = await totp({ user_id: user.id });
    expect(factor).toMatchObject({ object: 'authentication_factor', type: 'totp', user_id: user.id });
    const { secret, uri, qr_code } = factor.totp;
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(new URL(uri).searchParams.get('secret')).toBe(secret);
    expect(uri).toMatch(/^otpauth:\/\/totp\/Shop:ada\?issuer=Shop&/);
    const image = Buffer.from(qr_code.replace('data:image/png;base64,', ''), 'base64');
    expect(image.subarray(0, 8)).toEqual(Buffer.from('89504e470d0a1a0a', 'hex'));
    const { body } = await client.get(`/auth/factors/${factor.id}`);
    expect(body).toEqual({ ...factor, totp: { issuer: 'Shop', user: 'ada' } });
    expect((await client.delete(`/auth/factors/${factor.id}`)).status).toBe(200);
    expect((await client.get(`/auth/factors/${factor.id}`)).status).toBe(404);
    expect((await client.delete(`/auth/factors/${factor.id}`)).status).toBe(404);
  });

  it('of a user is enrolled with a challenge, and listed', async () => {
    const path = `/user_management/users/${user.id}/auth_factors`;
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const { authentication_factor: factor, authentication_challenge } = (
      await client.post(path, { type: 'totp', totp_issuer: 'Shop', totp_secret: secret })
    ).body;
    expect(factor.totp).toMatchObject({ issuer: 'Shop', user: 'ada@factors.example', secret });
    expect(authentication_challenge.authentication_factor_id).toBe(factor.id);
    expect((await verify(authentication_challenge.id, now(secret))).body.valid).toBe(true);
    expect((await client.get(path)).body.data.map((each: Json) => each.id)).toEqual([factor.id]);
    expect((await client.post(path, { type: 'totp', totp_secret: 'short' })).status).toBe(422);
    expect((await client.get('/user_management/users/user_none/auth_factors')).status).toBe(404);
  });

  it.each([
    [{ type: 'totp', totp_user: 'ada' }, 'totp_issuer'],
    [{ type: 'totp', totp_issuer: ' ', totp_user: 'ada' }, 'totp_issuer'],
    [{ type: 'totp', totp_issuer: 'x'.repeat(3000), totp_user: 'ada' }, 'totp_user'],
    [{ type: 'totp', totp_issuer: 'ü'.repeat(200), totp_user: 'ü'.repeat(200) }, 'totp_user'],
    [{ type: 'totp', totp_issuer: 'Shop', totp_user: 'ada', user_id: 'user_none' }, 'user_id'],
    [{ type: 'sms' }, 'phone_number'],
    [{ type: 'sms', phone_number: '12345' }, 'phone_number'],
    [{ type: 'webauthn' }, 'type'],
  ])('%j is refused', async (body, field) => {
    expect(await client.post('/auth/factors/enroll', body)).toMatchObject({
      status: 422,
      body: { errors: [{ field }] },
    });
  });

  it('of the longest names there are has a QR code that holds them', async () => {
    const long = 'x'.repeat(900);
    const factor = await totp({ totp_issuer: long, totp_user: long });
    expect(factor.totp.qr_code).toMatch(/^data:image\/png/);
  });
});

describe('a challenge of an authenticator', () => {
  it('takes a right code once, and a wrong one is no error', async () => {
    const { id, totp: shown } = await totp();
    const first = await challenge(id);
    expect(first).not.toHaveProperty('code');
    const code = now(shown.secret);
    expect(await verify(first.id, other(code))).toMatchObject({ status: 201, body: { valid: false } });
    expect(await verify(first.id, code)).toMatchObject({ status: 201, body: { valid: true } });
    expect(await verify(first.id, code)).toMatchObject({
      status: 422,
      body: { code: 'authentication_challenge_previously_verified' },
    });
    // Nor does another challenge take the same code again.
    expect((await verify((await challenge(id)).id, code)).body.valid).toBe(false);
  });

  it('takes the code before and the one after, for clocks differ, and none further away', async () => {
    const { id, totp: shown } = await totp();
    for (const [offset, valid] of [
      [-60_000, false],
      [60_000, false],
      [-30_000, true],
      [0, true],
      [30_000, true],
      [0, false],
    ] as const) {
      expect((await verify((await challenge(id)).id, now(shown.secret, offset))).body.valid).toBe(valid);
    }
  });

  it('ends after five wrong codes', async () => {
    const { id, totp: shown } = await totp();
    const { id: challengeId } = await challenge(id);
    const code = now(shown.secret);
    for (let attempt = 0; attempt < 5; attempt += 1) await verify(challengeId, other(code));
    expect(await verify(challengeId, code)).toMatchObject({
      status: 400,
      body: { code: 'one_time_code_too_many_attempts' },
    });
  });

  it('is of a factor that is there', async () => {
    expect((await client.post('/auth/factors/auth_factor_none/challenge', {})).status).toBe(404);
    expect((await verify('auth_challenge_none', '123456')).status).toBe(404);
  });
});

describe('a challenge by text message', () => {
  const phone = () => enroll({ type: 'sms', phone_number: '+1 (500) 555-0006' });

  it('sends a code that is taken once', async () => {
    const factor = await phone();
    expect(factor.sms).toEqual({ phone_number: '+15005550006' });
    const { id, code } = await challenge(factor.id, { sms_template: 'Shop: {{code}}' });
    expect(client.mailTo('+15005550006').at(-1)).toMatchObject({
      kind: 'sms',
      code,
      subject: `Shop: ${code}`,
    });
    expect((await verify(id, other(code))).body.valid).toBe(false);
    expect((await verify(id, code)).body.valid).toBe(true);
    expect((await verify(id, code)).body.code).toBe('authentication_challenge_previously_verified');
    expect((await client.post(`/auth/factors/${factor.id}/challenge`, { sms_template: 'none' })).status).toBe(
      422,
    );
  });

  it('expires after ten minutes', async () => {
    const { id, code, expires_at } = await challenge((await phone()).id);
    client.clock.advance(10 * 60_000);
    expect(new Date(expires_at).getTime()).toBe(client.clock.now());
    expect(await verify(id, code)).toMatchObject({
      status: 422,
      body: { code: 'authentication_challenge_expired' },
    });
  });

  it('that the application delivers itself works the same', async () => {
    const { id, code } = await challenge((await enroll({ type: 'generic_otp' })).id);
    expect((await verify(id, code)).body.valid).toBe(true);
  });
});
