import type { Context } from '../../../kit/context.ts';
import { Refusal } from '../../../operation.ts';
import { assertMethodOn } from '../../sign-in-settings/sign-in-settings.ts';
import { proceed } from '../answer.ts';
import { checkPassword, type PasswordProof } from '../proofs/password.ts';
import { isRefusal } from '../proofs/refusal.ts';
import { type Asker, beginningWith, type GrantAnswer, type GrantBody } from './grant.ts';

export function authenticateWithPassword(
  context: Context,
  body: GrantBody<'password'>,
  asker: Asker,
  proof: PasswordProof | null,
): GrantAnswer {
  assertMethodOn(context, 'Password');
  const user = checkPassword(context, body.email, proof, asker.device);
  if (isRefusal(user)) return new Refusal(user.error);
  const signIn = beginningWith(asker, user, 'Password', body.invitation_token ?? null);
  return proceed(context, signIn, asker.key);
}
