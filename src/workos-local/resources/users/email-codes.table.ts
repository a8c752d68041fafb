import type { Context } from '../../kit/context.ts';
import type { OneTimeCode } from '../../kit/one-time-code.ts';

export interface EmailVerificationRow extends OneTimeCode {
  readonly id: string;
  readonly user_id: string;
  readonly email: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface EmailChangeRow extends OneTimeCode {
  readonly user_id: string;
  readonly new_email: string;
  readonly created_at: string;
}

export function insertEmailVerification(context: Context, row: EmailVerificationRow): void {
  context.database.run(
    `INSERT INTO email_verifications (id, environment_id, user_id, email, code, attempts, used_at, expires_at,
       created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.user_id,
      row.email,
      row.code,
      row.attempts,
      row.used_at,
      row.expires_at,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function emailVerificationById(context: Context, id: string): EmailVerificationRow | null {
  return context.database.get<EmailVerificationRow>(
    'SELECT * FROM email_verifications WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
}

/** The one that counts: a new code takes the place of those before it. */
export function newestEmailVerification(context: Context, userId: string): EmailVerificationRow | null {
  return context.database.get<EmailVerificationRow>(
    'SELECT * FROM email_verifications WHERE user_id = ? ORDER BY created_at DESC, id DESC LIMIT 1',
    [userId],
  );
}

export function useEmailVerification(context: Context, id: string): void {
  context.database.run('UPDATE email_verifications SET used_at = ?, updated_at = ? WHERE id = ?', [
    context.now,
    context.now,
    id,
  ]);
}

export function countVerificationAttempt(context: Context, id: string): void {
  context.database.run('UPDATE email_verifications SET attempts = attempts + 1 WHERE id = ?', [id]);
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
