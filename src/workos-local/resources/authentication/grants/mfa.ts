import type { Context } from '../../../kit/context.ts';
import { badRequest } from '../../../kit/errors.ts';
import { Refusal } from '../../../operation.ts';
import { requireChallenge, requireFactor } from '../../auth-factors/auth-factors.table.ts';
import { answerChallenge } from '../../auth-factors/challenge.ts';
import type { Totp } from '../../auth-factors/totp.ts';
import { requireUser } from '../../users/users.table.ts';
import { proceed } from '../answer.ts';
import { tellFailure, tellSuccess } from '../authentication-events.ts';
import { codeRefusal } from '../code-refusal.ts';
import { dropPending, requirePending } from '../pending-authentications.ts';
import type { Asker, GrantAnswer, GrantBody } from './grant.ts';

export function authenticateWithSecondFactor(
  context: Context,
  body: GrantBody<'urn:workos:oauth:grant-type:mfa-totp'>,
  asker: Asker,
  totp: Totp,
): GrantAnswer {
  const token = body.pending_authentication_token;
  const signIn = requirePending(context, token);
  const user = requireUser(context, signIn.userId);
  const challenge = requireChallenge(context, body.authentication_challenge_id);
  const factor = requireFactor(context, challenge.factor_id);
  if (factor.user_id !== user.id) {
    throw badRequest('user_mismatch', 'The challenge is of a factor of somebody else.');
  }
  const { verdict } = answerChallenge(context, challenge, factor, body.code, totp);
  if (verdict !== 'right') {
    const refusal = codeRefusal(verdict);
    tellFailure(context, 'mfa', user, asker.device, refusal.told);
    return new Refusal(refusal.error);
  }
  tellSuccess(context, 'mfa', user, asker.device);
  dropPending(context, token);
  return proceed(context, { ...signIn, hasSecondFactor: true }, asker.key);
}
