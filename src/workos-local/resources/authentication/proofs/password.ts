import type { Context } from '../../../kit/context.ts';
import { badRequest } from '../../../kit/errors.ts';
import type { Device } from '../../sessions/session.ts';
import { type UserRow, userByEmail } from '../../users/users.table.ts';
import { isPassword } from '../../users/verify-password.ts';
import { tellFailure, tellSuccess } from '../authentication-events.ts';
import type { ProofRefusal } from './refusal.ts';

/** Who has shown a password, and the hash it was held against. */
export interface PasswordProof {
  readonly userId: string;
  readonly hash: string;
}

/**
 * Holds a password against the one of a user. Slow on purpose, so it happens before the transaction.
 *
 * @returns null when it is not theirs
 */
export async function provePassword(
  context: Context,
  email: string,
  password: string,
): Promise<PasswordProof | null> {
  const user = userByEmail(context, email);
  const { password_hash: hash = null, password_hash_type: type = null } = user ?? {};
  const stored = hash === null || type === null ? null : { hash, type };
  const isRight = await isPassword(password, stored);
  return isRight && user !== null && hash !== null ? { userId: user.id, hash } : null;
}

/** Who has signed in with a password, now that what is read stays as it is; the outcome is told of. */
export function checkPassword(
  context: Context,
  email: string,
  proof: PasswordProof | null,
  device: Device,
): UserRow | ProofRefusal {
  const user = userByEmail(context, email);
  if (user === null || proof === null || user.id !== proof.userId || user.password_hash !== proof.hash) {
    const told = { code: 'invalid_credentials', message: 'The e-mail address or the password is wrong.' };
    tellFailure(context, 'password', user ?? { id: null, email }, device, told);
    return { error: badRequest(told.code, told.message) };
  }
  tellSuccess(context, 'password', user, device);
  return user;
}
