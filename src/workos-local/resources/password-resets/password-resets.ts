import { minute, timestamp } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { type ApiError, badRequest, notFound } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { deliver } from '../../kit/inbox.ts';
import { randomToken } from '../../kit/random.ts';
import type { Resource } from '../../operation.ts';
import { revokeSessionsOfUser } from '../sessions/session.ts';
import { newPassword, type StoredPassword } from '../users/password.ts';
import { saveUser, serializeUser } from '../users/user.ts';
import { requireUser, type UserRow, userByEmail } from '../users/users.table.ts';
import {
  insertPasswordReset,
  type PasswordResetRow,
  passwordResetById,
  passwordResetByToken,
  usePasswordResetsOf,
} from './password-resets.table.ts';

const lifetime = 60 * minute;
const resetPage = '/authkit/reset-password';

export const passwordResets = {
  UserlandUsersController_createPasswordResetToken: (context, { body }) => {
    const user = userByEmail(context, body.email);
    if (user === null) throw notFound('User', body.email);
    return serializePasswordReset(context, sendPasswordReset(context, user));
  },

  UserlandUsersController_getPasswordReset: (context, { path }) => {
    const row = passwordResetById(context, path.id);
    if (row === null) throw notFound('Password reset', path.id);
    return serializePasswordReset(context, row);
  },

  'UserlandUsersController_resetPassword[0]': {
    prepare: async ({ body }, now) => {
      const password = await passwordToSet(now, body.token, body.new_password);
      return (context) => ({ user: serializeUser(resetPassword(context, body.token, password)) });
    },
  },
} satisfies Resource<
  | 'UserlandUsersController_createPasswordResetToken'
  | 'UserlandUsersController_getPasswordReset'
  | 'UserlandUsersController_resetPassword[0]'
>;

/** Sends a user a link with which they set a new password. */
export function sendPasswordReset(context: Context, user: UserRow): PasswordResetRow {
  const row: PasswordResetRow = {
    id: context.newId('password_reset_'),
    user_id: user.id,
    email: user.email,
    token: randomToken(context.random, 25),
    used_at: null,
    expires_at: timestamp(context.time + lifetime),
    created_at: context.now,
  };
  insertPasswordReset(context, row);
  emit(context, 'password_reset.created', told(row));
  deliver(context, {
    kind: 'password_reset',
    recipient: user.email,
    subject: 'Reset your password',
    token: row.token,
    link: resetUrl(context, row),
  });
  return row;
}

/**
 * The new password of whoever holds a token, in the form in which it is kept. Slow on purpose, so it happens before
 * the transaction.
 *
 * @throws ApiError 400 `password_reset_error` when it is not strong enough, and as `resetPassword`
 */
export async function passwordToSet(
  context: Context,
  token: string,
  password: string,
): Promise<StoredPassword> {
  const row = requireOpen(context, token);
  return newPassword(password, requireUser(context, row.user_id), (problems) => resetError(problems));
}

/**
 * Sets the password of whoever holds a token. It came by e-mail, so the address is theirs; and whoever was signed in
 * with the old password is no longer.
 *
 * @throws ApiError 404 for a token that is none, 400 `password_reset_error` for one that is used or has expired
 */
export function resetPassword(context: Context, token: string, password: StoredPassword): UserRow {
  const row = requireOpen(context, token);
  const before = requireUser(context, row.user_id);
  usePasswordResetsOf(context, row.user_id);
  const user = saveUser(context, before, {
    ...before,
    email_verified: row.email === before.email ? 1 : before.email_verified,
    password_hash: password.hash,
    password_hash_type: password.type,
  });
  emit(context, 'password_reset.succeeded', told(row));
  revokeSessionsOfUser(context, user.id);
  return user;
}

/** @throws ApiError as `resetPassword` */
export function requireOpen(context: Context, token: string): PasswordResetRow {
  const row = passwordResetByToken(context, token);
  if (row === null) throw notFound('Password reset token', token);
  if (row.used_at !== null) {
    throw resetError([{ code: 'password_reset_token_used', message: 'The token has been used.' }]);
  }
  if (context.now >= row.expires_at) {
    throw resetError([{ code: 'password_reset_token_expired', message: 'The token has expired.' }]);
  }
  return row;
}

function resetError(errors: readonly { readonly code: string; readonly message: string }[]): ApiError {
  const message = errors.map((error) => error.message).join(' ');
  return badRequest('password_reset_error', `The password could not be reset. ${message}`, { errors });
}

function serializePasswordReset(context: Context, row: PasswordResetRow) {
  return {
    ...told(row),
    password_reset_token: row.token,
    password_reset_url: resetUrl(context, row),
  };
}

/** What its events tell: nothing a password is reset with. */
function told(row: PasswordResetRow) {
  return {
    object: 'password_reset' as const,
    id: row.id,
    user_id: row.user_id,
    email: row.email,
    expires_at: row.expires_at,
    created_at: row.created_at,
  };
}

function resetUrl(context: Context, row: PasswordResetRow): string {
  return `${context.baseUrl}${resetPage}?token=${row.token}`;
}
