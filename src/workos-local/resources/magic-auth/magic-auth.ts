import type { Context } from '../../kit/context.ts';
import { isEmailAddress } from '../../kit/email-address.ts';
import { invalidField, notFound } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { deliver } from '../../kit/inbox.ts';
import { type CodeVerdict, checkCode, newCode } from '../../kit/one-time-code.ts';
import type { Resource } from '../../operation.ts';
import { assertOpenInvitation } from '../authentication/redeem-invitation.ts';
import { saveUser } from '../users/user.ts';
import { requireUser, type UserRow, userByEmail } from '../users/users.table.ts';
import { createUser } from '../users/users.ts';
import {
  countMagicAuthAttempt,
  insertMagicAuth,
  type MagicAuthRow,
  magicAuthById,
  newestMagicAuth,
  useMagicAuth,
} from './magic-auth.table.ts';

export const magicAuth = {
  UserlandMagicAuthController_sendMagicAuthCodeAndReturn: (context, { body }) => {
    if (!isEmailAddress(body.email)) {
      throw invalidField('email', 'invalid_email', 'email is no e-mail address.');
    }
    return serializeMagicAuth(sendMagicAuth(context, body.email, body.invitation_token ?? null));
  },

  UserlandMagicAuthController_get: (context, { path }) => {
    const row = magicAuthById(context, path.id);
    if (row === null) throw notFound('Magic auth', path.id);
    return serializeMagicAuth(row);
  },
} satisfies Resource<
  'UserlandMagicAuthController_sendMagicAuthCodeAndReturn' | 'UserlandMagicAuthController_get'
>;

/**
 * Sends a code that signs in whoever reads the mailbox; who has no user yet gets one. Codes sent before are no longer
 * taken.
 *
 * @throws ApiError 400 `invitation_invalid`
 */
export function sendMagicAuth(context: Context, email: string, invitationToken: string | null): MagicAuthRow {
  if (invitationToken !== null) assertOpenInvitation(context, invitationToken);
  const user = userByEmail(context, email) ?? requireUser(context, createUser(context, { email }).id);
  const row: MagicAuthRow = {
    id: context.newId('magic_auth_'),
    user_id: user.id,
    email: user.email,
    invitation_token: invitationToken,
    ...newCode(context),
    created_at: context.now,
    updated_at: context.now,
  };
  insertMagicAuth(context, row);
  const { code, ...told } = serializeMagicAuth(row);
  emit(context, 'magic_auth.created', told);
  deliver(context, { kind: 'magic_auth', recipient: user.email, subject: 'Your sign-in code', code });
  return row;
}

type MagicAuthAnswer =
  | { readonly verdict: Exclude<CodeVerdict, 'right'> }
  | {
      readonly verdict: 'right';
      readonly user: UserRow;
      /** The invitation the code was sent with. */
      readonly invitationToken: string | null;
    };

/**
 * What a code is worth that somebody signs in with. A right one is used up and shows that the address is theirs; a
 * wrong one is counted.
 */
export function answerMagicAuth(context: Context, user: UserRow, code: string): MagicAuthAnswer {
  const newest = newestMagicAuth(context, user.id);
  // A code says something of the address it went to alone.
  const sent = newest?.email === user.email ? newest : null;
  const verdict = sent === null ? 'wrong' : checkCode(sent, code, context.now);
  if (sent !== null && verdict === 'wrong') countMagicAuthAttempt(context, sent.id);
  if (sent === null) return { verdict: 'wrong' };
  if (verdict !== 'right') return { verdict };
  useMagicAuth(context, sent.id);
  const after = saveUser(context, user, { ...user, email_verified: 1 });
  return { verdict, user: after, invitationToken: sent.invitation_token };
}

function serializeMagicAuth(row: MagicAuthRow) {
  return {
    object: 'magic_auth' as const,
    id: row.id,
    user_id: row.user_id,
    email: row.email,
    expires_at: row.expires_at,
    code: row.code,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
