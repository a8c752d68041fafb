import type { Context } from '../../../kit/context.ts';
import { Refusal } from '../../../operation.ts';
import { proceed } from '../answer.ts';
import { dropPending, requirePending } from '../pending-authentications.ts';
import { checkEmailCode } from '../proofs/codes.ts';
import { isRefusal } from '../proofs/refusal.ts';
import type { Asker, GrantAnswer, GrantBody } from './grant.ts';

export function authenticateWithEmailVerification(
  context: Context,
  body: GrantBody<'urn:workos:oauth:grant-type:email-verification:code'>,
  asker: Asker,
): GrantAnswer {
  const token = body.pending_authentication_token;
  const signIn = requirePending(context, token);
  const outcome = checkEmailCode(context, signIn.userId, body.code, asker.device);
  if (isRefusal(outcome)) return new Refusal(outcome.error);
  dropPending(context, token);
  return proceed(context, signIn, asker.key);
}
