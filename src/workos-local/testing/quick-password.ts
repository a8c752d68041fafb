import { createHash } from 'node:crypto';

/** What gives a new user a password as an old hash, which is checked in no time: for tests of something else. */
export function quickPassword(password: string) {
  const digest = createHash('sha1').update(`${password}salt`).digest();
  return {
    password_hash_type: 'ssha',
    password_hash: `{SSHA}${Buffer.concat([digest, Buffer.from('salt')]).toString('base64')}`,
  };
}
