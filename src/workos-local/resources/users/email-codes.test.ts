import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { minute } from '../../kit/clock.ts';
import { FileClient } from '../../testing/file-client.ts';
import type { Json } from '../../testing/local-client.ts';

const users = '/user_management/users';
const email = 'ada@northwind.example';
let client: FileClient;
let user: Json;
beforeEach(async () => {
  client = FileClient.open();
  user = (await client.post(users, { email })).body;
});
afterEach(() => {
  client.close();
});

const newestCode = (recipient: string) => client.mailTo(recipient).at(-1)?.code ?? '';
/** A code that is not this one. */
const other = (code: string) => (code === '000000' ? '000001' : '000000');

describe('verifying an e-mail address', () => {
  const send = () => client.post(`${users}/${user.id}/email_verification/send`, {});
  const confirm = (code: string) => client.post(`${users}/${user.id}/email_verification/confirm`, { code });

  it('takes the code that was sent, once', async () => {
    expect((await send()).body.user).toEqual(user);
    const [mail] = client.mailTo(email);
    expect(mail).toMatchObject({ kind: 'email_verification', token: null });
    expect(mail?.code).toMatch(/^\d{6}$/);
    client.clock.advance(minute);
    const reply = await confirm(newestCode(email));
    expect(reply).toMatchObject({ status: 200, body: { user: { email_verified: true } } });
    expect((await client.events()).at(-1)).toMatchObject({ event: 'user.updated', data: reply.body.user });
    expect((await confirm(newestCode(email))).body.code).toBe('email_verification_code_previously_used');
    expect((await confirm(other(newestCode(email)))).body.code).toBe('email_previously_verified');
    expect((await send()).body.code).toBe('email_already_verified');
  });

  it('shows the code to who asks for it, and not in the event', async () => {
    await send();
    const event = (await client.events()).at(-1);
    expect(event).toMatchObject({ event: 'email_verification.created', data: { user_id: user.id, email } });
    expect(event.data.code).toBeUndefined();
    const { body } = await client.get(`/user_management/email_verification/${event.data.id}`);
    expect(body).toEqual({ ...event.data, code: newestCode(email) });
    expect((await client.get('/user_management/email_verification/email_verification_none')).status).toBe(
      404,
    );
  });

  it('takes a code for ten minutes', async () => {
    await send();
    client.clock.advance(10 * minute);
    expect((await confirm(newestCode(email))).body.code).toBe('email_verification_code_expired');
    await send();
    client.clock.advance(10 * minute - 1);
    expect((await confirm(newestCode(email))).status).toBe(200);
  });

  it('takes the newest code alone', async () => {
    await send();
    const first = newestCode(email);
    client.clock.advance(1);
    await send();
    if (first !== newestCode(email)) {
      expect((await confirm(first)).body.code).toBe('email_verification_code_incorrect');
    }
    expect((await confirm(newestCode(email))).status).toBe(200);
  });

  it('takes no code any more after five wrong ones, until a new one is sent', async () => {
    await send();
    const code = newestCode(email);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await confirm(other(code))).body.code).toBe('email_verification_code_incorrect');
    }
    expect((await confirm(code)).body.code).toBe('email_verification_code_expired');
    expect((await client.get(`${users}/${user.id}`)).body.email_verified).toBe(false);
    client.clock.advance(1);
    await send();
    expect((await confirm(newestCode(email))).status).toBe(200);
  });

  it.each(['', '1', '0000000', '😀'])('does not take %j for a code', async (code) => {
    await send();
    expect((await confirm(code)).body.code).toBe('email_verification_code_incorrect');
  });

  it('takes no code that went to an address the user no longer has', async () => {
    await send();
    await client.put(`${users}/${user.id}`, { email: 'new@northwind.example' });
    expect((await confirm(newestCode(email))).body.code).toBe('email_verification_code_incorrect');
  });

  it('needs a code that was sent, and a user', async () => {
    expect((await confirm('123456')).body.code).toBe('email_verification_code_incorrect');
    const nobody = await client.post(`${users}/user_none/email_verification/confirm`, { code: '123456' });
    expect(nobody.status).toBe(404);
  });
});

describe('changing an e-mail address', () => {
  const wanted = 'ada@southwind.example';
  const send = (new_email = wanted) => client.post(`${users}/${user.id}/email_change/send`, { new_email });
  const confirm = (code: string) => client.post(`${users}/${user.id}/email_change/confirm`, { code });

  it('takes the code that went to the new address, and with that the address is verified', async () => {
    const sent = await send();
    expect(sent).toMatchObject({ status: 200, body: { object: 'email_change', user, new_email: wanted } });
    expect(Date.parse(sent.body.expires_at) - client.clock.now()).toBe(10 * minute);
    expect(client.mailTo(email)).toEqual([]);
    expect(client.mailTo(wanted)).toMatchObject([{ kind: 'email_change', code: newestCode(wanted) }]);
    client.clock.advance(minute);
    const reply = await confirm(newestCode(wanted));
    expect(reply.body).toMatchObject({
      object: 'email_change_confirmation',
      user: { id: user.id, email: wanted, email_verified: true },
    });
    expect((await client.get(`${users}/${user.id}`)).body).toEqual(reply.body.user);
    expect((await client.events()).at(-1)).toMatchObject({ event: 'user.updated', data: reply.body.user });
    expect((await confirm(newestCode(wanted))).body.code).toBe('email_change_code_previously_used');
    expect((await confirm(other(newestCode(wanted)))).body.code).toBe('no_pending_email_change');
  });

  it('takes a code for ten minutes', async () => {
    await send();
    client.clock.advance(10 * minute);
    expect(await confirm(newestCode(wanted))).toMatchObject({
      status: 400,
      body: { code: 'email_change_code_expired' },
    });
  });

  it('takes no code any more after five wrong ones, until a new one is sent', async () => {
    await send();
    const code = newestCode(wanted);
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await confirm(other(code))).body.code).toBe('email_change_code_incorrect');
    }
    expect(await confirm(code)).toMatchObject({
      status: 429,
      body: { code: 'email_change_too_many_attempts' },
    });
    await send();
    expect((await confirm(newestCode(wanted))).status).toBe(200);
  });

  it('refuses an address that is none, is the same, or is taken, also when that happens on the way', async () => {
    expect(await send('nobody')).toMatchObject({ status: 422, body: { code: 'invalid_email' } });
    expect(await send(email.toUpperCase())).toMatchObject({
      status: 409,
      body: { code: 'email_change_not_needed' },
    });
    await client.post(users, { email: 'bob@northwind.example' });
    expect((await send('BOB@northwind.example')).body.code).toBe('email_not_available');
    await send();
    await client.post(users, { email: wanted });
    expect(await confirm(newestCode(wanted))).toMatchObject({
      status: 409,
      body: { code: 'email_not_available' },
    });
    expect((await client.get(`${users}/${user.id}`)).body.email).toBe(email);
  });

  it('needs to have been asked for', async () => {
    expect(await confirm('123456')).toMatchObject({
      status: 409,
      body: { code: 'no_pending_email_change' },
    });
    expect((await client.post(`${users}/user_none/email_change/send`, { new_email: wanted })).status).toBe(
      404,
    );
  });
});
