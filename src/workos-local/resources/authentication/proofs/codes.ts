import type { Context } from '../../../kit/context.ts';
import { badRequest } from '../../../kit/errors.ts';
import { requireChallenge, requireFactor } from '../../auth-factors/auth-factors.table.ts';
import { answerChallenge } from '../../auth-factors/challenge.ts';
import type { Totp } from '../../auth-factors/totp.ts';
import { answerMagicAuth } from '../../magic-auth/magic-auth.ts';
import type { Device } from '../../sessions/session.ts';
import { answerEmailVerification } from '../../users/email-verification.ts';
import { requireUser, type UserRow, userByEmail } from '../../users/users.table.ts';
import { type AuthenticationType, tellFailure, tellSuccess } from '../authentication-events.ts';
import { type ProofRefusal, type Refused, reasonOf, refusalOf } from './refusal.ts';

/** Who has signed in with a code that went to their address, and the invitation it was sent with. */
export function checkMagicCode(
  context: Context,
  email: string,
  code: string,
  device: Device,
): { readonly user: UserRow; readonly invitationToken: string | null } | ProofRefusal {
  const known = userByEmail(context, email);
  const answer = known === null ? ({ verdict: 'wrong' } as const) : answerMagicAuth(context, known, code);
  if (answer.verdict !== 'right') {
    return refused(context, 'magic_auth', known ?? { id: null, email }, device, answer.verdict);
  }
  tellSuccess(context, 'magic_auth', answer.user, device);
  return answer;
}

/** Whether a user has shown with the code they were sent that their address is theirs. */
export function checkEmailCode(
  context: Context,
  userId: string,
  code: string,
  device: Device,
): UserRow | ProofRefusal {
  const before = requireUser(context, userId);
  const { verdict, user } = answerEmailVerification(context, before, code);
  if (verdict !== 'right') return refused(context, 'email_verification', before, device, verdict);
  tellSuccess(context, 'email_verification', user, device);
  return user;
}

/**
 * Whether a user has given a code of their second factor.
 *
 * @throws ApiError 404 without the challenge, 400 `user_mismatch` for one of somebody else
 */
export function checkSecondFactor(
  context: Context,
  userId: string,
  answer: { readonly challengeId: string; readonly code: string },
  device: Device,
  totp: Totp,
): UserRow | ProofRefusal {
  const user = requireUser(context, userId);
  const challenge = requireChallenge(context, answer.challengeId);
  const factor = requireFactor(context, challenge.factor_id);
  if (factor.user_id !== user.id) {
    throw badRequest('user_mismatch', 'The challenge is of a factor of somebody else.');
  }
  const { verdict } = answerChallenge(context, challenge, factor, answer.code, totp);
  if (verdict !== 'right') return refused(context, 'mfa', user, device, verdict);
  tellSuccess(context, 'mfa', user, device);
  return user;
}

function refused(
  context: Context,
  type: AuthenticationType,
  somebody: { readonly id: string | null; readonly email: string },
  device: Device,
  verdict: Refused,
): ProofRefusal {
  tellFailure(context, type, somebody, device, reasonOf(verdict));
  return refusalOf(verdict);
}
