import type { Context } from '../../kit/context.ts';
import { emailKey, isEmailAddress } from '../../kit/email-address.ts';
import { ApiError, badRequest, conflict, unprocessable } from '../../kit/errors.ts';
import { deliver } from '../../kit/inbox.ts';
import { checkCode, newCode } from '../../kit/one-time-code.ts';
import { Refusal, type Resource } from '../../operation.ts';
import {
  countChangeAttempt,
  type EmailChangeRow,
  emailChangeOf,
  replaceEmailChange,
  useEmailChange,
} from './email-changes.table.ts';
import { saveUser, serializeUser } from './user.ts';
import { requireUser, type UserRow, userByEmail } from './users.table.ts';

export const emailChange = {
  UserlandUsersController_sendEmailChange: (context, { path, body }) => {
    const user = requireUser(context, path.id);
    const { new_email } = body;
    if (!isEmailAddress(new_email)) throw unprocessable('invalid_email', 'new_email is no e-mail address.');
    if (emailKey(new_email) === user.email_key) {
      throw conflict('email_change_not_needed', 'The user has this e-mail address already.');
    }
    assertAvailable(context, user, new_email);
    const row: EmailChangeRow = {
      user_id: user.id,
      new_email,
      ...newCode(context),
      created_at: context.now,
    };
    replaceEmailChange(context, row);
    deliver(context, {
      kind: 'email_change',
      recipient: new_email,
      subject: 'Confirm your new e-mail address',
      code: row.code,
    });
    return {
      object: 'email_change',
      user: serializeUser(user),
      new_email,
      expires_at: row.expires_at,
      created_at: row.created_at,
    };
  },

  UserlandUsersController_confirmEmailChange: (context, { path, body }) => {
    const user = requireUser(context, path.id);
    const asked = emailChangeOf(context, user.id);
    if (asked === null) throw noneAsked();
    switch (checkCode(asked, body.code, context.now)) {
      case 'used':
        throw conflict('email_change_code_previously_used', 'The code has been used.');
      case 'exhausted':
        throw new ApiError(429, {
          message: 'Too many wrong codes were given in place of this one; send a new one.',
          code: 'email_change_too_many_attempts',
        });
      case 'expired':
        throw badRequest('email_change_code_expired', 'The code has expired; send a new one.');
      case 'wrong':
        if (asked.used_at !== null) throw noneAsked();
        countChangeAttempt(context, user.id);
        return new Refusal(badRequest('email_change_code_incorrect', 'This is not the code.'));
      case 'right':
        assertAvailable(context, user, asked.new_email);
        useEmailChange(context, user.id);
        return {
          object: 'email_change_confirmation',
          user: serializeUser(withNewEmail(context, user, asked)),
        };
    }
  },
} satisfies Resource<
  'UserlandUsersController_sendEmailChange' | 'UserlandUsersController_confirmEmailChange'
>;

/** The code came to the new address, so it is verified with that. */
function withNewEmail(context: Context, user: UserRow, { new_email }: EmailChangeRow): UserRow {
  return saveUser(context, user, {
    ...user,
    email: new_email,
    email_key: emailKey(new_email),
    email_verified: 1,
  });
}

function assertAvailable(context: Context, user: UserRow, email: string): void {
  const holder = userByEmail(context, email);
  if (holder !== null && holder.id !== user.id) {
    throw conflict('email_not_available', 'Another user has this e-mail address.');
  }
}

function noneAsked(): ApiError {
  return conflict('no_pending_email_change', 'No change of the e-mail address waits for a code.');
}
