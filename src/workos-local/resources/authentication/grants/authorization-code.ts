import type { Context } from '../../../kit/context.ts';
import { badRequest, oauthError } from '../../../kit/errors.ts';
import { Refusal } from '../../../operation.ts';
import { changeSession, revokeSession, sessionStatusAt } from '../../sessions/session.ts';
import { sessionById } from '../../sessions/sessions.table.ts';
import { requireUser } from '../../users/users.table.ts';
import { tokensOf } from '../answer.ts';
import {
  type AuthorizationCodeRow,
  authorizationCode,
  isVerifierOf,
  useAuthorizationCode,
} from '../authorization-codes.ts';
import { redeemInvitation } from '../redeem-invitation.ts';
import type { Asker, GrantAnswer, GrantBody } from './grant.ts';

export function authenticateWithCode(
  context: Context,
  body: GrantBody<'authorization_code'>,
  asker: Asker,
): GrantAnswer {
  const row = authorizationCode(context, body.code);
  const session = row === null ? null : sessionById(context, row.session_id);
  if (row === null || session === null) throw invalidGrant('The code is unknown.');
  if (row.used_at !== null) {
    // Two have had the code, and only one of them may be who it was for (RFC 6749, section 10.5).
    revokeSession(context, session);
    return new Refusal(invalidGrant('The code has been used.'));
  }
  if (context.now >= row.expires_at) throw invalidGrant('The code has expired.');
  assertVerifier(row, body.code_verifier, asker);
  if (sessionStatusAt(session, context.now) !== 'active') throw invalidGrant('The session has ended.');
  useAuthorizationCode(context, body.code);
  const invitedTo =
    body.invitation_token === undefined
      ? null
      : redeemInvitation(context, body.invitation_token, requireUser(context, session.user_id));
  const after = changeSession(context, session, {
    is_public: asker.isPublic ? 1 : 0,
    organization_id: invitedTo ?? session.organization_id,
  });
  return tokensOf(context, after, asker.key);
}

/** A client shows its secret, or that it is the one that asked for the code, or both. */
function assertVerifier(row: AuthorizationCodeRow, verifier: string | undefined, asker: Asker): void {
  const { code_challenge } = row;
  if (verifier === undefined) {
    if (code_challenge !== null) throw invalidGrant('The code was asked for with a code_challenge.');
    if (asker.isPublic) {
      throw oauthError(400, 'invalid_client', 'Show a client_secret, or a code_verifier of PKCE.');
    }
    return;
  }
  if (code_challenge === null) {
    throw badRequest('code_challenge_not_found', 'The code was asked for without a code_challenge.');
  }
  if (!isVerifierOf(code_challenge, verifier)) throw invalidGrant('This is not the code_verifier.');
}

function invalidGrant(description: string) {
  return oauthError(400, 'invalid_grant', description);
}
