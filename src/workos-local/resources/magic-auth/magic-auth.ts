import type { Context } from '../../kit/context.ts';
import { isEmailAddress } from '../../kit/email-address.ts';
import { invalidField, notFound } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { deliver } from '../../kit/inbox.ts';
import { type MailedCode, MailedCodes, serializeMailedCode } from '../../kit/mailed-codes.ts';
import type { CodeVerdict } from '../../kit/one-time-code.ts';
import type { Resource } from '../../operation.ts';
import { assertOpenInvitation } from '../authentication/redeem-invitation.ts';
import { saveUser } from '../users/user.ts';
import { requireUser, type UserRow, userByEmail } from '../users/users.table.ts';
import { createUser } from '../users/users.ts';

interface Invited {
  /** The invitation a code was sent with. */
  readonly invitation_token: string | null;
}

const codes = new MailedCodes<Invited>('magic_auths', 'magic_auth_', ['invitation_token']);

export const magicAuth = {
  UserlandMagicAuthController_sendMagicAuthCodeAndReturn: (context, { body }) => {
    if (!isEmailAddress(body.email)) {
      throw invalidField('email', 'invalid_email', 'email is no e-mail address.');
    }
    return serializeMagicAuth(sendMagicAuth(context, body.email, body.invitation_token ?? null));
  },

  UserlandMagicAuthController_get: (context, { path }) => {
    const row = codes.byId(context, path.id);
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
export function sendMagicAuth(context: Context, email: string, invitationToken: string | null): MailedCode {
  if (invitationToken !== null) assertOpenInvitation(context, invitationToken);
  const user = userByEmail(context, email) ?? requireUser(context, createUser(context, { email }).id);
  const row = codes.make(context, user, { invitation_token: invitationToken });
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
  const { verdict, sent } = codes.answer(context, user, code);
  if (sent === null) return { verdict: 'wrong' };
  if (verdict !== 'right') return { verdict };
  const after = saveUser(context, user, { ...user, email_verified: 1 });
  return { verdict, user: after, invitationToken: sent.invitation_token };
}

function serializeMagicAuth(row: MailedCode) {
  return serializeMailedCode('magic_auth', row);
}
