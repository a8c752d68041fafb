import { second } from '../../../kit/clock.ts';
import type { Context } from '../../../kit/context.ts';
import { hashSecret } from '../../../kit/environments.ts';
import { oauthError } from '../../../kit/errors.ts';
import { Refusal } from '../../../operation.ts';
import { membershipBetween } from '../../organization-memberships/organization-memberships.table.ts';
import { changeSession, revokeSession, sessionStatusAt } from '../../sessions/session.ts';
import {
  type RefreshTokenRow,
  refreshTokenByHash,
  type SessionRow,
  sessionById,
  useRefreshToken,
} from '../../sessions/sessions.table.ts';
import { settingsOf } from '../../sign-in-settings/sign-in-settings.ts';
import { tokensOf } from '../answer.ts';
import { assertMember } from '../sign-in.ts';
import type { Asker, GrantAnswer, GrantBody } from './grant.ts';

export function authenticateWithRefreshToken(
  context: Context,
  body: GrantBody<'refresh_token'>,
  asker: Asker,
): GrantAnswer {
  const hash = hashSecret(body.refresh_token);
  const row = refreshTokenByHash(context, hash);
  const session = row === null ? null : sessionById(context, row.session_id);
  if (row === null || session === null) throw invalidGrant('The refresh token is unknown.');
  if (asker.isPublic && session.is_public === 0) {
    throw oauthError(
      400,
      'invalid_client',
      'The session began with a client secret; it is refreshed with one.',
    );
  }
  if (sessionStatusAt(session, context.now) !== 'active') throw invalidGrant('The session has ended.');
  if (row.used_at !== null) {
    // Somebody has had a copy of it, and nobody knows which of the two is the user.
    revokeSession(context, session);
    return new Refusal(invalidGrant('The refresh token has been used; the session is revoked.'));
  }
  if (isForgotten(context, row)) {
    revokeSession(context, session);
    return new Refusal(invalidGrant('The session has ended: it was not refreshed for too long.'));
  }
  useRefreshToken(context, hash);
  const after = changeSession(context, session, {
    organization_id: organizationOf(context, session, body.organization_id),
  });
  return tokensOf(context, after, asker.key);
}

/** The organization the next tokens are for: no membership is taken for granted because it was there before. */
function organizationOf(context: Context, session: SessionRow, wanted: string | undefined): string | null {
  if (wanted !== undefined) {
    assertMember(context, wanted, session.user_id);
    return wanted;
  }
  const current = session.organization_id;
  if (current !== null && membershipBetween(context, current, session.user_id)?.status !== 'active') {
    throw invalidGrant('The user is no longer an active member of the organization of the session.');
  }
  return current;
}

/** Whether the session of a refresh token has been left alone for longer than the environment allows. */
function isForgotten(context: Context, { created_at }: RefreshTokenRow): boolean {
  const { inactivity_timeout } = settingsOf(context.database, context.environment.id);
  return inactivity_timeout !== null && context.time >= Date.parse(created_at) + inactivity_timeout * second;
}

function invalidGrant(description: string) {
  return oauthError(400, 'invalid_grant', description);
}
