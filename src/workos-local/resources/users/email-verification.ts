import type { Context } from '../../kit/context.ts';
import { badRequest, notFound } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { deliver } from '../../kit/inbox.ts';
import { type MailedCode, MailedCodes, serializeMailedCode } from '../../kit/mailed-codes.ts';
import type { CodeVerdict } from '../../kit/one-time-code.ts';
import { Refusal, type Resource } from '../../operation.ts';
import { saveUser, serializeUser } from './user.ts';
import { requireUser, type UserRow } from './users.table.ts';

const codes = new MailedCodes('email_verifications', 'email_verification_', []);

export const emailVerification = {
  UserlandUsersController_getEmailVerification: (context, { path }) => {
    const row = codes.byId(context, path.id);
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
      throw codes.look(context, user, body.code).verdict === 'used'
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
export function sendEmailVerification(context: Context, user: UserRow): MailedCode {
  const row = codes.make(context, user, {});
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
  const { verdict } = codes.answer(context, user, code);
  if (verdict !== 'right') return { verdict, user };
  return { verdict, user: saveUser(context, user, { ...user, email_verified: 1 }) };
}

function serializeEmailVerification(row: MailedCode) {
  return serializeMailedCode('email_verification', row);
}
