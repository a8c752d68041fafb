import type { SqlValue } from '../../sqlite/index.ts';
import type { Environment } from '../kit/environments.ts';
import type { Mail } from '../kit/inbox.ts';
import type { PageHost } from '../pages/host.ts';

export interface InboxQuery {
  /** An e-mail address, in any case. */
  readonly to?: string;
  /** `invitation`, `email_verification`, … */
  readonly kind?: string;
  /** The id of the last mail that was seen: only newer ones are told. */
  readonly after?: string;
  /** At most this many, the newest ones. */
  readonly limit?: number;
}

/** What WorkOS would have sent by e-mail, oldest first. */
export function readInbox(host: PageHost, environment: Environment, query: InboxQuery = {}): Mail[] {
  const { to = null, kind = null, after = '', limit = 100 } = query;
  const values: SqlValue[] = [environment.id, to, to, kind, kind, after, limit];
  return host.database
    .all<Mail>(
      `SELECT id, kind, recipient, subject, code, token, link, created_at FROM inbox
       WHERE environment_id = ? AND (? IS NULL OR lower(recipient) = lower(?)) AND (? IS NULL OR kind = ?) AND id > ?
       ORDER BY id DESC LIMIT ?`,
      values,
    )
    .reverse();
}

/** @returns how many mails were thrown away */
export function clearInbox(host: PageHost, environment: Environment): number {
  return host.database.run('DELETE FROM inbox WHERE environment_id = ?', [environment.id]);
}
