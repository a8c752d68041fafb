import type { Database } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';

export interface PasswordResetRow {
  readonly id: string;
  readonly user_id: string;
  readonly email: string;
  readonly token: string;
  readonly used_at: string | null;
  readonly expires_at: string;
  readonly created_at: string;
}

export function insertPasswordReset(context: Context, row: PasswordResetRow): void {
  context.database.run(
    `INSERT INTO password_resets (id, environment_id, user_id, email, token, used_at, expires_at, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.user_id,
      row.email,
      row.token,
      row.used_at,
      row.expires_at,
      row.created_at,
    ],
  );
}

export function passwordResetById(context: Context, id: string): PasswordResetRow | null {
  return context.database.get<PasswordResetRow>(
    'SELECT * FROM password_resets WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
}

export function passwordResetByToken(context: Context, token: string): PasswordResetRow | null {
  return context.database.get<PasswordResetRow>(
    'SELECT * FROM password_resets WHERE environment_id = ? AND token = ?',
    [context.environment.id, token],
  );
}

/** Uses up every token a user has: with a new password none of them is needed. */
export function usePasswordResetsOf(context: Context, userId: string): void {
  context.database.run('UPDATE password_resets SET used_at = ? WHERE user_id = ? AND used_at IS NULL', [
    context.now,
    userId,
  ]);
}

/** The environment of a token: whoever follows its link shows nothing else. */
export function environmentOfResetToken(database: Database, token: string): string | null {
  const row = database.get<{ environment_id: string }>(
    `SELECT resets.environment_id FROM environments JOIN password_resets AS resets
       ON resets.environment_id = environments.id AND resets.token = ?`,
    [token],
  );
  return row?.environment_id ?? null;
}
