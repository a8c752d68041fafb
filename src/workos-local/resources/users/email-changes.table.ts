import type { Context } from '../../kit/context.ts';
import type { OneTimeCode } from '../../kit/one-time-code.ts';

export interface EmailChangeRow extends OneTimeCode {
  readonly user_id: string;
  readonly new_email: string;
  readonly created_at: string;
}

export function replaceEmailChange(context: Context, row: EmailChangeRow): void {
  context.database.run(
    `INSERT OR REPLACE INTO email_changes (user_id, new_email, code, attempts, used_at, expires_at, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [row.user_id, row.new_email, row.code, row.attempts, row.used_at, row.expires_at, row.created_at],
  );
}

export function emailChangeOf(context: Context, userId: string): EmailChangeRow | null {
  return context.database.get<EmailChangeRow>('SELECT * FROM email_changes WHERE user_id = ?', [userId]);
}

export function useEmailChange(context: Context, userId: string): void {
  context.database.run('UPDATE email_changes SET used_at = ? WHERE user_id = ?', [context.now, userId]);
}

export function countChangeAttempt(context: Context, userId: string): void {
  context.database.run('UPDATE email_changes SET attempts = attempts + 1 WHERE user_id = ?', [userId]);
}
