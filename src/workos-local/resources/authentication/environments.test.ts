import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Json, LocalClient } from '../../testing/local-client.ts';

let client: LocalClient;
beforeAll(() => {
  client = new LocalClient({ autoEnvironments: true });
});
afterAll(() => {
  client.server.close();
});

const a = { key: 'sk_test_a' };
const b = { key: 'sk_test_b' };

it('what belongs to the sign-in of one environment is nothing to another', async () => {
  const post = async (path: string, body: object): Promise<Json> => (await client.post(path, body, a)).body;
  const email = 'ada@a.example';
  const user = await post('/user_management/users', { email });
  const factor = await post('/auth/factors/enroll', { type: 'sms', phone_number: '+15005550006' });
  const challenge = await post(`/auth/factors/${factor.id}/challenge`, {});
  const magic = await post('/user_management/magic_auth', { email });
  const reset = await post('/user_management/password_reset', { email });
  await client.put('/user_management/jwt_template', { content: '{"a": {{ user.id }}}' }, a);
  for (const path of [
    `/auth/factors/${factor.id}`,
    `/user_management/magic_auth/${magic.id}`,
    `/user_management/password_reset/${reset.id}`,
    `/user_management/users/${user.id}/sessions`,
    `/user_management/users/${user.id}/auth_factors`,
    '/user_management/jwt_template',
  ]) {
    expect([path, (await client.get(path, a)).status]).toEqual([path, 200]);
    expect([path, (await client.get(path, b)).status]).toEqual([path, 404]);
  }
  for (const [path, body] of [
    [`/auth/factors/${factor.id}/challenge`, {}],
    [`/auth/challenges/${challenge.id}/verify`, { code: challenge.code }],
    [
      '/user_management/password_reset/confirm',
      { token: reset.password_reset_token, new_password: 'nine lazy otters' },
    ],
    [`/user_management/users/${user.id}/auth_factors`, { type: 'totp' }],
  ] as const) {
    expect([path, (await client.post(path, body, b)).status]).toEqual([path, 404]);
  }
  expect((await client.delete(`/auth/factors/${factor.id}`, b)).status).toBe(404);
  expect(
    (await client.post('/auth/factors/enroll', { type: 'generic_otp', user_id: user.id }, b)).status,
  ).toBe(422);
  // Each has its own redirect URIs and origins, so both can have the same.
  for (const [path, body] of [
    ['/user_management/redirect_uris', { uri: 'https://app.example/callback' }],
    ['/user_management/cors_origins', { origin: 'https://app.example' }],
  ] as const) {
    expect([(await client.post(path, body, a)).status, (await client.post(path, body, b)).status]).toEqual([
      201, 201,
    ]);
  }
});
