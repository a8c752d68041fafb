import { randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { badRequest } from '../../kit/errors.ts';
import type { OperationRequest } from '../../operation.ts';
import { type PasswordProblem, passwordProblems } from './password-strength.ts';

type CreateBody = OperationRequest<'UserlandUsersController_create[0]'>['body'];
type Fields = Partial<
  Pick<CreateBody, 'email' | 'first_name' | 'last_name' | 'password' | 'password_hash' | 'password_hash_type'>
>;

export type PasswordHashType = NonNullable<CreateBody['password_hash_type']>;

/** A password in the form in which it is kept. */
export interface StoredPassword {
  readonly hash: string;
  readonly type: PasswordHashType;
}

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
const cost = 16_384;
const blockSize = 8;
const parallelization = 1;
const keyLength = 64;

/** PHC strings hold base 64 without its padding. */
const base64 = '[A-Za-z0-9+/]+';
const number = '\\d{1,10}';

/** The forms in which hashes are imported: the PHC string format where the algorithm has no older one of its own. */
const forms: Readonly<Record<PasswordHashType, RegExp>> = {
  bcrypt: /^\$2[abxy]?\$(0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/,
  scrypt: phc('scrypt', ['n', 'r', 'p', 'kl']),
  'firebase-scrypt': phc('firebase-scrypt', ['m', 'r', 'ss', 'sk']),
  pbkdf2: phc('pbkdf2', ['i', 'd']),
  argon2: phc('argon2(?:id|i|d)', ['m', 't', 'p']),
  // The digest of SHA-1 has 20 bytes, and behind it is the salt.
  ssha: /^\{SSHA\}[A-Za-z0-9+/]{28,}={0,2}$/,
};

/**
 * Reads the password of a request and brings it into the form in which it is kept. Slow on purpose, so it happens
 * before the transaction.
 *
 * @returns null when the request has none
 * @throws ApiError 400 `password_strength_error` or `invalid_password_hash`
 */
export async function passwordOf(fields: Fields): Promise<StoredPassword | null> {
  const { password, password_hash: hash, password_hash_type: type } = fields;
  if (hash !== undefined && type !== undefined) {
    if (!forms[type].test(hash)) {
      throw badRequest('invalid_password_hash', `password_hash is not in the form of ${type} hashes.`);
    }
    return { hash, type };
  }
  if (password === undefined || password === null) return null;
  return newPassword(password, fields, (problems) =>
    badRequest('password_strength_error', 'The password is not strong enough.', { errors: problems }),
  );
}

/**
 * A password in the form in which it is kept, when it may be one.
 *
 * @param user what others know of the user
 * @param refusal the error for a password with problems
 */
export async function newPassword(
  password: string,
  user: Pick<Fields, 'email' | 'first_name' | 'last_name'>,
  refusal: (problems: readonly PasswordProblem[]) => Error,
): Promise<StoredPassword> {
  const personal = [user.email, user.first_name, user.last_name];
  const problems = passwordProblems(
    password,
    personal.filter((text) => typeof text === 'string'),
  );
  if (problems.length > 0) throw refusal(problems);
  return hashPassword(password);
}

/** The scrypt hash of a password with a salt of its own, as a PHC string. */
async function hashPassword(password: string): Promise<StoredPassword> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, keyLength, { cost, blockSize, parallelization });
  const parameters = `n=${cost},r=${blockSize},p=${parallelization},kl=${keyLength}`;
  return { hash: `$scrypt$v=1$${parameters}$${unpadded(salt)}$${unpadded(key)}`, type: 'scrypt' };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

/** A PHC string with these parameters, in any order. */
function phc(algorithm: string, parameters: readonly string[]): RegExp {
  const has = parameters.map((name) => `(?=[^$]*\\b${name}=[^,$]+)`).join('');
  return new RegExp(
    `^\\$${algorithm}(?:\\$v=${number})?\\$${has}[a-z]+=[^,$]+(?:,[a-z]+=[^,$]+)*\\$${base64}\\$${base64}$`,
  );
}
