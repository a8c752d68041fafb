import type { Context } from '../../../kit/context.ts';
import { Refusal } from '../../../operation.ts';
import { answerEmailVerification } from '../../users/email-verification.ts';
import { requireUser } from '../../users/users.table.ts';
import { proceed } from '../answer.ts';
import { tellFailure, tellSuccess } from '../authentication-events.ts';
import { codeRefusal } from '../code-refusal.ts';
import { dropPending, requirePending } from '../pending-authentications.ts';
import type { Asker, GrantAnswer, GrantBody } from './grant.ts';

export function authenticateWithEmailVerification(
  context: Context,
  body: GrantBody<'urn:workos:oauth:grant-type:email-verification:code'>,
  asker: Asker,
): GrantAnswer {
  const token = body.pending_authentication_token;
  const signIn = requirePending(context, token);
  const user = requireUser(context, signIn.userId);
  const { verdict } = answerEmailVerification(context, user, body.code);
  if (verdict !== 'right') {
    const refusal = codeRefusal(verdict);
    tellFailure(context, 'email_verification', user, asker.device, refusal.told);
    return new Refusal(refusal.error);
  }
  tellSuccess(context, 'email_verification', user, asker.device);
  dropPending(context, token);
  return proceed(context, signIn, asker.key);
}
