import { createCipheriv, createHash, pbkdf2, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { StoredPassword } from './password.ts';

const deriveScrypt = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
const derivePbkdf2 = promisify(pbkdf2);

/** What a hash may take to compute, in bytes: far more than any that people use. */
const mostMemory = 1024 * 1024 * 1024;

/**
 * Whether a password is the one of which this is the hash. Slow on purpose, so it is for before a transaction.
 *
 * @param stored null for somebody who has none, or is not there: that takes as long, and is false
 */
export async function isPassword(password: string, stored: StoredPassword | null): Promise<boolean> {
  const { type, hash } = stored ?? nobody;
  try {
    return (await verifiers[type](password, hash)) && stored !== null;
  } catch {
    // Parameters no machine can work with are those of no password.
    return false;
  }
}

/** The hash of nothing, with what our own hashes cost. */
const nobody: StoredPassword = {
  type: 'scrypt',
  hash: `$scrypt$v=1$n=16384,r=8,p=1,kl=64$AAAAAAAAAAAAAAAAAAAAAA$${'A'.repeat(86)}`,
};

const verifiers: Readonly<
  Record<StoredPassword['type'], (password: string, hash: string) => Promise<boolean>>
> = {
  async bcrypt(password, hash) {
    const { bcryptVerify } = await import('hash-wasm');
    // The oldest form has no letter. Only the first 72 bytes have ever counted.
    const known = hash.replace(/^\$2[xy]?\$/, '$2a$');
    return bcryptVerify({ password: Buffer.from(password).subarray(0, 72), hash: known });
  },

  async argon2(password, hash) {
    const { argon2Verify } = await import('hash-wasm');
    return argon2Verify({ password, hash });
  },

  async scrypt(password, hash) {
    const { parameters, salt, key } = readPhc(hash);
    const options = scryptOptions(whole(parameters, 'n'), whole(parameters, 'r'), whole(parameters, 'p'));
    return isSame(await deriveScrypt(password, salt, key.length, options), key);
  },

  /** Firebase's own: what scrypt derives encrypts the key of the project, and that is kept. */
  async 'firebase-scrypt'(password, hash) {
    const { parameters, salt, key } = readPhc(hash);
    const separator = Buffer.from(parameters.get('ss') ?? '', 'base64');
    const signer = Buffer.from(parameters.get('sk') ?? '', 'base64');
    const options = scryptOptions(2 ** whole(parameters, 'm'), whole(parameters, 'r'), 1);
    const derived = await deriveScrypt(password, Buffer.concat([salt, separator]), 64, options);
    const cipher = createCipheriv('aes-256-ctr', derived.subarray(0, 32), Buffer.alloc(16));
    return isSame(Buffer.concat([cipher.update(signer), cipher.final()]), key);
  },

  async pbkdf2(password, hash) {
    const { parameters, salt, key } = readPhc(hash);
    const digest = (parameters.get('d') ?? '').replace('-', '');
    return isSame(await derivePbkdf2(password, salt, whole(parameters, 'i'), key.length, digest), key);
  },

  async ssha(password, hash) {
    const bytes = Buffer.from(hash.replace(/^\{SSHA\}/, ''), 'base64');
    const [digest, salt] = [bytes.subarray(0, 20), bytes.subarray(20)];
    return isSame(createHash('sha1').update(password).update(salt).digest(), digest);
  },
};

function scryptOptions(cost: number, blockSize: number, parallelization: number): ScryptOptions {
  // Twice of what scrypt needs, which Node.js counts a little differently.
  const maxmem = 2 * 128 * cost * blockSize * parallelization;
  if (maxmem > mostMemory) throw new RangeError('More memory than a password is worth.');
  return { cost, blockSize, parallelization, maxmem };
}

interface Phc {
  readonly parameters: ReadonlyMap<string, string>;
  readonly salt: Buffer;
  readonly key: Buffer;
}

/** The parts of `$name$v=1$a=1,b=2$salt$key`. */
function readPhc(hash: string): Phc {
  const parts = hash.split('$');
  const [parameters = '', salt = '', key = ''] = parts.slice(-3);
  const pairs = parameters.split(',').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return {
    parameters: new Map(pairs),
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}

function whole(parameters: ReadonlyMap<string, string>, name: string): number {
  const value = Number(parameters.get(name));
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name} is no whole number.`);
  return value;
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && one.length > 0 && timingSafeEqual(one, other);
}
