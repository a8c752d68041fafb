import type { Context } from '../../../kit/context.ts';
import { badRequest } from '../../../kit/errors.ts';
import { Refusal } from '../../../operation.ts';
import { userByEmail } from '../../users/users.table.ts';
import { isPassword } from '../../users/verify-password.ts';
import { proceed } from '../answer.ts';
import { tellFailure, tellSuccess } from '../authentication-events.ts';
import type { Asker, GrantAnswer, GrantBody } from './grant.ts';

/** Who has shown a password, and the hash it was held against; null when it is not theirs. */
export interface PasswordProof {
  readonly userId: string;
  readonly hash: string;
}

/** Holds a password against the one of a user. Slow on purpose, so it happens before the transaction. */
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

/** Whether a password still is the user's, now that what is read stays as it is. */
export function isProven(context: Context, email: string, proof: PasswordProof | null): boolean {
  const user = userByEmail(context, email);
  return proof !== null && user?.id === proof.userId && user.password_hash === proof.hash;
}

export function authenticateWithPassword(
  context: Context,
  body: GrantBody<'password'>,
  asker: Asker,
  proof: PasswordProof | null,
): GrantAnswer {
  const user = userByEmail(context, body.email);
  if (user === null || !isProven(context, body.email, proof)) {
    const refusal = badRequest('invalid_credentials', 'The e-mail address or the password is wrong.');
    const somebody = user ?? { id: null, email: body.email };
    tellFailure(context, 'password', somebody, asker.device, {
      code: 'invalid_credentials',
      message: refusal.message,
    });
    return new Refusal(refusal);
  }
  tellSuccess(context, 'password', user, asker.device);
  return proceed(
    context,
    {
      userId: user.id,
      method: 'Password',
      organizationId: null,
      invitationToken: body.invitation_token ?? null,
      hasSecondFactor: false,
      isPublic: asker.isPublic,
      device: asker.device,
    },
    asker.key,
  );
}
