import type { Context } from '../../../kit/context.ts';
import { Refusal } from '../../../operation.ts';
import type { Totp } from '../../auth-factors/totp.ts';
import { proceed } from '../answer.ts';
import { dropPending, requirePending } from '../pending-authentications.ts';
import { checkSecondFactor } from '../proofs/codes.ts';
import { isRefusal } from '../proofs/refusal.ts';
import type { Asker, GrantAnswer, GrantBody } from './grant.ts';

export function authenticateWithSecondFactor(
  context: Context,
  body: GrantBody<'urn:workos:oauth:grant-type:mfa-totp'>,
  asker: Asker,
  totp: Totp,
): GrantAnswer {
  const token = body.pending_authentication_token;
  const signIn = requirePending(context, token);
  const answer = { challengeId: body.authentication_challenge_id, code: body.code };
  const outcome = checkSecondFactor(context, signIn.userId, answer, asker.device, totp);
  if (isRefusal(outcome)) return new Refusal(outcome.error);
  dropPending(context, token);
  return proceed(context, { ...signIn, hasSecondFactor: true }, asker.key);
}
