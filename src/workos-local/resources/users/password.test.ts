import { scryptSync, timingSafeEqual } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileClient } from '../../testing/file-client.ts';
import { passwordProblems } from './password-strength.ts';

const path = '/user_management/users';
let client: FileClient;
beforeEach(() => {
  client = FileClient.open();
});
afterEach(() => {
  client.close();
});

interface Kept {
  readonly password_hash: string | null;
  readonly password_hash_type: string | null;
}

const kept = (id: string) =>
  client.database.all<Kept>('SELECT password_hash, password_hash_type FROM users WHERE id = ?', [id])[0];

/** Checks a scrypt hash with its own parameters, as sign-in does. */
function verifies(hash: string, password: string): boolean {
  const parts = /^\$scrypt\$v=1\$n=(\d+),r=(\d+),p=(\d+),kl=(\d+)\$([^$]+)\$([^$]+)$/.exec(hash);
  if (parts === null) throw new Error(`Not a PHC string: ${hash}`);
  const [, n, r, p, length, salt = '', key = ''] = parts;
  const options = { N: Number(n), r: Number(r), p: Number(p) };
  const derived = scryptSync(password, Buffer.from(salt, 'base64'), Number(length), options);
  return timingSafeEqual(derived, Buffer.from(key, 'base64'));
}

describe('the password of a user', () => {
  it('is kept as a scrypt hash with a salt of its own, and shown to nobody', async () => {
    const password = 'correct horse battery staple';
    const one = (await client.post(path, { email: 'one@a.example', password })).body;
    const two = (await client.post(path, { email: 'two@a.example', password })).body;
    const [first, second] = [kept(one.id)?.password_hash ?? '', kept(two.id)?.password_hash ?? ''];
    expect(kept(one.id)?.password_hash_type).toBe('scrypt');
    expect(first).not.toBe(second);
    expect([verifies(first, password), verifies(second, password)]).toEqual([true, true]);
    expect(verifies(first, `${password}r`)).toBe(false);
    expect(JSON.stringify([one, await client.events()])).not.toMatch(/scrypt|horse/);
  });

  it('is replaced by an update, and no other change touches it', async () => {
    const { id } = (await client.post(path, { email: 'a@a.example', password: 'lamp otter bridge' })).body;
    const before = kept(id);
    await client.put(`${path}/${id}`, { first_name: 'Ada' });
    expect(kept(id)).toEqual(before);
    expect((await client.put(`${path}/${id}`, { password: 'seven quiet rivers' })).status).toBe(200);
    expect(verifies(kept(id)?.password_hash ?? '', 'seven quiet rivers')).toBe(true);
  });

  it('may be left out, or null', async () => {
    const { id } = (await client.post(path, { email: 'a@a.example', password: null })).body;
    expect(kept(id)).toEqual({ password_hash: null, password_hash_type: null });
  });

  it('that is weak is refused with every reason, and nothing is made', async () => {
    const reply = await client.post(path, { email: 'a@a.example', password: 'Passw0rd' });
    expect(reply).toMatchObject({
      status: 400,
      body: {
        code: 'password_strength_error',
        errors: [{ code: 'password_too_short', minimum_length: 10 }, { code: 'password_too_weak' }],
      },
    });
    expect((await client.get(`${path}?email=a@a.example`)).body.data).toEqual([]);
    const { id } = (await client.post(path, { email: 'a@a.example' })).body;
    expect((await client.put(`${path}/${id}`, { password: 'aaaaaaaaaaaa' })).body.code).toBe(
      'password_strength_error',
    );
  });

  const salt = 'Swhqd4iUYTtWfbCYIPeuMw';
  it.each([
    ['bcrypt', `$2b$12$${'a'.repeat(53)}`],
    ['scrypt', `$scrypt$v=1$n=16384,r=8,p=1,kl=64$${salt}$${salt}`],
    ['firebase-scrypt', `$firebase-scrypt$v=1$m=14,r=8,ss=Bw,sk=${salt}$${salt}$${salt}`],
    ['pbkdf2', `$pbkdf2$i=600000,d=sha256$${salt}$${salt}`],
    ['argon2', `$argon2id$v=19$m=65536,t=3,p=4$${salt}$${salt}`],
    ['ssha', `{SSHA}${'a'.repeat(38)}==`],
  ])('may be imported as a hash of %s, which is kept as it is', async (type, hash) => {
    const body = { password_hash: hash, password_hash_type: type };
    const { id } = (await client.post(path, { email: `${type}@a.example`, ...body })).body;
    expect(kept(id)).toEqual(body);
    for (const wrong of ['', 'x', `${hash}$`, hash.slice(0, 20)]) {
      const reply = await client.put(`${path}/${id}`, { password_hash: wrong, password_hash_type: type });
      expect([wrong, reply.body.code]).toEqual([wrong, 'invalid_password_hash']);
    }
  });

  it('cannot come both as it is and as a hash', async () => {
    const body = { email: 'a@a.example', password: 'lamp otter bridge', password_hash: 'x' };
    expect((await client.post(path, body)).status).toBe(422);
  });
});

describe('the strength of a password', () => {
  it.each(['strong_password_123!', 'correct horse', 'zq7-VTm2kp', 'тихая река 7', 'qqqw9#Lr0v'])(
    'is enough for %s',
    (password) => {
      expect(passwordProblems(password, [])).toEqual([]);
    },
  );

  it.each(['password123', 'Password123!', 'abcdefghijkl', '98765432100', 'qwertyuiop1', 'zzzzzzzzzzzz'])(
    'is not enough for %s',
    (password) => {
      expect(passwordProblems(password, []).map(({ code }) => code)).toEqual(['password_too_weak']);
    },
  );

  it('does not count what everybody knows of the user', () => {
    const password = 'adalovelace!northwind';
    expect(passwordProblems(password, [])).toEqual([]);
    expect(passwordProblems(password, ['ada.lovelace@northwind.example'])).toMatchObject([
      { code: 'password_too_weak' },
    ]);
  });
});
