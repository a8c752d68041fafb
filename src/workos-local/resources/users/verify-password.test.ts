import { createHash, pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto';
import { argon2id, bcrypt } from 'hash-wasm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from '../../index.ts';
import { LocalClient } from '../../testing/local-client.ts';
import { isPassword } from './verify-password.ts';

const password = 'seven quiet rivers';
const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
const salt = randomBytes(16);

/** The test vector of Firebase's own description of its hashes. */
const firebase = {
  password: 'user1password',
  hash: [
    '$firebase-scrypt$m=14,r=8,ss=Bw==,sk=jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==',
    '42xEC+ixf3L2lw',
    'lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ',
  ].join('$'),
};

const forms = {
  bcrypt: () => bcrypt({ password, salt, costFactor: 4, outputType: 'encoded' }),
  argon2: () =>
    argon2id({
      password,
      salt,
      iterations: 2,
      parallelism: 1,
      memorySize: 64,
      hashLength: 32,
      outputType: 'encoded',
    }),
  scrypt: async () =>
    `$scrypt$v=1$n=1024,r=8,p=1,kl=32$${unpadded(salt)}$${unpadded(scryptSync(password, salt, 32, { N: 1024 }))}`,
  pbkdf2: async () =>
    `$pbkdf2$i=1000,d=sha256$${unpadded(salt)}$${unpadded(pbkdf2Sync(password, salt, 1000, 32, 'sha256'))}`,
  ssha: async () => {
    const digest = createHash('sha1').update(password).update(salt).digest();
    return `{SSHA}${Buffer.concat([digest, salt]).toString('base64')}`;
  },
} as const;

describe('an imported hash', () => {
  let client: LocalClient;
  beforeAll(() => {
    client = new LocalClient();
  });
  afterAll(() => {
    client.server.close();
  });
  const signsIn = async (email: string, secret: string) => {
    const { status } = await client.post('/user_management/authenticate', {
      client_id: localAccount.clientId,
      client_secret: localAccount.apiKey,
      grant_type: 'password',
      email,
      password: secret,
    });
    return status === 200;
  };

  it.each(Object.keys(forms) as (keyof typeof forms)[])(
    'of %s signs in with its password alone',
    async (type) => {
      const email = `${type}@hashes.example`;
      const password_hash = await forms[type]();
      const made = await client.post('/user_management/users', {
        email,
        email_verified: true,
        password_hash,
        password_hash_type: type,
      });
      expect(made.status).toBe(201);
      expect([await signsIn(email, password), await signsIn(email, `${password}!`)]).toEqual([true, false]);
    },
  );

  it('of Firebase signs in with its password alone', async () => {
    const email = 'firebase@hashes.example';
    await client.post('/user_management/users', {
      email,
      email_verified: true,
      password_hash: firebase.hash,
      password_hash_type: 'firebase-scrypt',
    });
    expect([await signsIn(email, firebase.password), await signsIn(email, password)]).toEqual([true, false]);
  });
});

describe('a hash', () => {
  it('of older forms of bcrypt is the same', async () => {
    const hash = await forms.bcrypt();
    for (const letter of ['', 'a', 'b', 'x', 'y']) {
      expect(await isPassword(password, { type: 'bcrypt', hash: hash.replace('$2a$', `$2${letter}$`) })).toBe(
        true,
      );
    }
    const long = 'x'.repeat(80);
    const cut = await bcrypt({ password: 'x'.repeat(72), salt, costFactor: 4, outputType: 'encoded' });
    expect(await isPassword(long, { type: 'bcrypt', hash: cut })).toBe(true);
  });

  it.each([
    ['scrypt', '$scrypt$v=1$n=1073741824,r=8,p=1,kl=32$AAAA$AAAA'],
    ['scrypt', '$scrypt$v=1$n=3,r=8,p=1,kl=32$AAAA$AAAA'],
    ['pbkdf2', '$pbkdf2$i=0,d=sha256$AAAA$AAAA'],
    ['pbkdf2', '$pbkdf2$i=1,d=nothing$AAAA$AAAA'],
    ['argon2', '$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAA'],
    ['firebase-scrypt', '$firebase-scrypt$m=60,r=8,ss=x,sk=y$AAAA$AAAA'],
    ['ssha', '{SSHA}AAAA'],
  ] as const)('of %s that nobody can compute is nobody’s', async (type, hash) => {
    expect(await isPassword(password, { type, hash })).toBe(false);
  });

  it('that is not there is no password', async () => {
    expect(await isPassword('', null)).toBe(false);
  });
});
