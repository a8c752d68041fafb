import type { Context } from '../../../kit/context.ts';
import { Refusal } from '../../../operation.ts';
import { answerMagicAuth } from '../../magic-auth/magic-auth.ts';
import { userByEmail } from '../../users/users.table.ts';
import { proceed } from '../answer.ts';
import { tellFailure, tellSuccess } from '../authentication-events.ts';
import { codeRefusal } from '../code-refusal.ts';
import type { Asker, GrantAnswer, GrantBody } from './grant.ts';

export function authenticateWithMagicAuth(
  context: Context,
  body: GrantBody<'urn:workos:oauth:grant-type:magic-auth:code'>,
  asker: Asker,
): GrantAnswer {
  const known = userByEmail(context, body.email);
  const answer =
    known === null ? ({ verdict: 'wrong' } as const) : answerMagicAuth(context, known, body.code);
  if (answer.verdict !== 'right') {
    const refusal = codeRefusal(answer.verdict);
    tellFailure(context, 'magic_auth', known ?? { id: null, email: body.email }, asker.device, refusal.told);
    return new Refusal(refusal.error);
  }
  const { user } = answer;
  tellSuccess(context, 'magic_auth', user, asker.device);
  return proceed(
    context,
    {
      userId: user.id,
      method: 'MagicAuth',
      organizationId: null,
      invitationToken: body.invitation_token ?? answer.invitationToken,
      hasSecondFactor: false,
      isPublic: asker.isPublic,
      device: asker.device,
    },
    asker.key,
  );
}
