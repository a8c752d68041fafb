import type { Database } from '../../sqlite/index.ts';
import type { Context } from './context.ts';

export type MailKind =
  | 'email_verification'
  | 'email_change'
  | 'invitation'
  | 'magic_auth'
  | 'password_reset'
  | 'sms';

interface MailContent {
  readonly kind: MailKind;
  /** An e-mail address; the phone number of a text message. */
  readonly recipient: string;
  readonly subject: string;
  /** What its reader types. */
  readonly code: string | null;
  /** What its link holds. */
  readonly token: string | null;
  readonly link: string | null;
}

/** Something WorkOS would have sent by e-mail, or as a text message. */
export interface Mail extends MailContent {
  readonly id: string;
  readonly created_at: string;
}

/** Puts into the local inbox what WorkOS would send, in the transaction of what causes it. */
export function deliver(
  context: Context,
  mail: Pick<Mail, 'kind' | 'recipient' | 'subject'> & Partial<MailContent>,
): void {
  const { kind, recipient, subject, code = null, token = null, link = null } = mail;
  context.database.run(
    `INSERT INTO inbox (id, environment_id, kind, recipient, subject, code, token, link, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      context.newId('email_'),
      context.environment.id,
      kind,
      recipient,
      subject,
      code,
      token,
      link,
      context.now,
    ],
  );
}

/** Everything in the inbox of an environment, oldest first. */
export function inboxOf(database: Database, environmentId: string): Mail[] {
  return database.all<Mail>(
    `SELECT id, kind, recipient, subject, code, token, link, created_at FROM inbox
     WHERE environment_id = ? ORDER BY created_at, id`,
    [environmentId],
  );
}
