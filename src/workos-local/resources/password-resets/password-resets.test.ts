import { afterAll, beforeAll, expect, it } from 'vitest';
import { FileClient } from '../../testing/file-client.ts';
import type { Json } from '../../testing/local-client.ts';

let client: FileClient;
let made = 0;
beforeAll(() => {
  client = FileClient.open();
});
afterAll(() => {
  client.close();
});

const path = '/user_management/password_reset';
const password = 'seven quiet rivers';

async function asked(): Promise<Json> {
  made += 1;
  const email = `person-${made}@resets.example`;
  await client.post('/user_management/users', { email, password });
  return (await client.post(path, { email })).body;
}
const confirm = (token: string, new_password = 'nine lazy otters') =>
  client.post(`${path}/confirm`, { token, new_password });

it('a reset has a token and a link, which are in the e-mail and not in its event', async () => {
  const { password_reset_token: token, password_reset_url: url, ...told } = await asked();
  expect(url).toBe(`http://localhost:4100/authkit/reset-password?token=${token}`);
  expect(client.mailTo(told.email).at(-1)).toMatchObject({ kind: 'password_reset', token, link: url });
  expect((await client.events()).at(-1)).toMatchObject({ event: 'password_reset.created', data: told });
  expect(JSON.stringify(await client.events())).not.toContain(token);
  expect((await client.get(`${path}/${told.id}`)).body).toMatchObject({
    ...told,
    password_reset_token: token,
  });
});

it('its token sets a password once, and verifies the address', async () => {
  const { password_reset_token: token, user_id, id } = await asked();
  expect(await confirm(token)).toMatchObject({
    status: 200,
    body: { user: { id: user_id, email_verified: true } },
  });
  expect((await client.events()).slice(-2).map((event: Json) => [event.event, event.data.id])).toEqual([
    ['user.updated', user_id],
    ['password_reset.succeeded', id],
  ]);
  expect(await confirm(token)).toMatchObject({
    status: 400,
    body: { code: 'password_reset_error', errors: [{ code: 'password_reset_token_used' }] },
  });
});

it('a weak password is refused, and the token is still good', async () => {
  const { password_reset_token: token } = await asked();
  const before = await client.events();
  expect((await confirm(token, 'password12')).body.errors).toMatchObject([{ code: 'password_too_weak' }]);
  expect(await client.events()).toEqual(before);
  expect((await confirm(token)).status).toBe(200);
});

it('every token of a user is used up with one', async () => {
  const first = await asked();
  const second = (await client.post(path, { email: first.email })).body;
  expect((await confirm(second.password_reset_token)).status).toBe(200);
  expect((await confirm(first.password_reset_token)).status).toBe(400);
});

it('a token expires after an hour', async () => {
  const { password_reset_token: token } = await asked();
  client.clock.advance(60 * 60_000);
  expect((await confirm(token)).body.errors).toMatchObject([{ code: 'password_reset_token_expired' }]);
});

it('says nothing of a new address when the user has changed theirs', async () => {
  const { password_reset_token: token, user_id } = await asked();
  await client.put(`/user_management/users/${user_id}`, { email: `new-${made}@resets.example` });
  expect((await confirm(token)).body.user.email_verified).toBe(false);
});

it('is of a user, and a token is one that was sent', async () => {
  expect((await client.post(path, { email: 'nobody@resets.example' })).status).toBe(404);
  expect((await client.get(`${path}/password_reset_none`)).status).toBe(404);
  expect((await confirm('none')).status).toBe(404);
});
