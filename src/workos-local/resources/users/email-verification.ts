import type { Context } from '../../kit/context.ts';
import { badRequest, notFound } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { deliver } from '../../kit/inbox.ts';
import { type CodeVerdict, checkCode, newCode } from '../../kit/one-time-code.ts';
import { Refusal, type Resource } from '../../operation.ts';
import {
  countVerificationAttempt,
  type EmailVerificationRow,
  emailVerificationById,
  insertEmailVerification,
  newestEmailVerification,
  useEmailVerification,
} from './email-codes.table.ts';
import { saveUser, serializeUser } from './user.ts';
import { requireUser, type UserRow } from './users.table.ts';

export const emailVerification = {
  UserlandUsersController_getEmailVerification: (context, { path }) => {
    const row = emailVerificationById(context, path.id);
    if (row === null) throw notFound('Email verification', path.id);
    return serializeEmailVerification(row);
  },

  'UserlandUsersController_sendVerificationEmail[0]': (context, { path }) => {
    const user = requireUser(context, path.id);
    if (user.email_verified === 1) {
      throw badRequest('email_already_verified', 'The e-mail address is verified already.');
    }
    sendEmailVerification(context, user);
    return { user: serializeUser(user) };
  },

  'UserlandUsersController_emailVerification[0]': (context, { path, body }) => {
    const user = requireUser(context, path.id);
    if (user.email_verified === 1) {
      throw verdictOf(context, user, body.code) === 'used'
        ? badRequest('email_verification_code_previously_used', 'The code has been used.')
        : badRequest('email_previously_verified', 'The e-mail address is verified already.');
    }
    const { verdict, user: after } = answerEmailVerification(context, user, body.code);
    switch (verdict) {
      case 'right':
        return { user: serializeUser(after) };
      case 'wrong':
        return new Refusal(badRequest('email_verification_code_incorrect', 'This is not the code.'));
      case 'expired':
        throw badRequest('email_verification_code_expired', 'The code has expired; send a new one.');
      case 'exhausted':
        throw badRequest(
          'email_verification_code_expired',
          'Too many wrong codes were given in place of this one; send a new one.',
        );
      case 'used':
        throw badRequest(
          'email_verification_code_previously_used',
          'The code has been used; send a new one.',
        );
    }
  },
} satisfies Resource<
  | 'UserlandUsersController_getEmailVerification'
  | 'UserlandUsersController_sendVerificationEmail[0]'
  | 'UserlandUsersController_emailVerification[0]'
>;

/** Sends a user a code that shows that the address is theirs. Codes sent before are no longer taken. */
export function sendEmailVerification(context: Context, user: UserRow): EmailVerificationRow {
  const row: EmailVerificationRow = {
    id: context.newId('email_verification_'),
    user_id: user.id,
    email: user.email,
    ...newCode(context),
    created_at: context.now,
    updated_at: context.now,
  };
  insertEmailVerification(context, row);
  const { code, ...told } = serializeEmailVerification(row);
  emit(context, 'email_verification.created', told);
  deliver(context, {
    kind: 'email_verification',
    recipient: user.email,
    subject: 'Verify your e-mail address',
    code,
  });
  return row;
}

/**
 * What a code is worth that a user gives for their address. A right one verifies it and is used up; a wrong one is
 * counted.
 */
export function answerEmailVerification(
  context: Context,
  user: UserRow,
  code: string,
): { readonly verdict: CodeVerdict; readonly user: UserRow } {
  const verdict = verdictOf(context, user, code);
  const sent = sentTo(context, user);
  if (sent !== null && verdict === 'wrong') countVerificationAttempt(context, sent.id);
  if (sent === null || verdict !== 'right') return { verdict, user };
  useEmailVerification(context, sent.id);
  return { verdict, user: saveUser(context, user, { ...user, email_verified: 1 }) };
}

function verdictOf(context: Context, user: UserRow, code: string): CodeVerdict {
  const sent = sentTo(context, user);
  return sent === null ? 'wrong' : checkCode(sent, code, context.now);
}

/** The code that counts. A code says something of the address it went to alone. */
function sentTo(context: Context, user: UserRow): EmailVerificationRow | null {
  const newest = newestEmailVerification(context, user.id);
  return newest?.email === user.email ? newest : null;
}

function serializeEmailVerification(row: EmailVerificationRow) {
  return {
    object: 'email_verification' as const,
    id: row.id,
    user_id: row.user_id,
    email: row.email,
    expires_at: row.expires_at,
    code: row.code,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
