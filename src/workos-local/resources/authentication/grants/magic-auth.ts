import type { Context } from '../../../kit/context.ts';
import { Refusal } from '../../../operation.ts';
import { assertMethodOn } from '../../sign-in-settings/sign-in-settings.ts';
import { proceed } from '../answer.ts';
import { checkMagicCode } from '../proofs/codes.ts';
import { isRefusal } from '../proofs/refusal.ts';
import { type Asker, beginningWith, type GrantAnswer, type GrantBody } from './grant.ts';

export function authenticateWithMagicAuth(
  context: Context,
  body: GrantBody<'urn:workos:oauth:grant-type:magic-auth:code'>,
  asker: Asker,
): GrantAnswer {
  assertMethodOn(context, 'MagicAuth');
  const outcome = checkMagicCode(context, body.email, body.code, asker.device);
  if (isRefusal(outcome)) return new Refusal(outcome.error);
  const invitation = body.invitation_token ?? outcome.invitationToken;
  return proceed(context, beginningWith(asker, outcome.user, 'MagicAuth', invitation), asker.key);
}
