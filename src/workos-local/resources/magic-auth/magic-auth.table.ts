import type { Context } from '../../kit/context.ts';
import type { OneTimeCode } from '../../kit/one-time-code.ts';

export interface MagicAuthRow extends OneTimeCode {
  readonly id: string;
  readonly user_id: string;
  readonly email: string;
  readonly invitation_token: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertMagicAuth(context: Context, row: MagicAuthRow): void {
  context.database.run(
    `INSERT INTO magic_auths (id, environment_id, user_id, email, invitation_token, code, attempts, used_at,
       expires_at, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.user_id,
      row.email,
      row.invitation_token,
      row.code,
      row.attempts,
      row.used_at,
      row.expires_at,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function magicAuthById(context: Context, id: string): MagicAuthRow | null {
  return context.database.get<MagicAuthRow>('SELECT * FROM magic_auths WHERE environment_id = ? AND id = ?', [
    context.environment.id,
    id,
  ]);
}

/** The one that counts: a new code takes the place of those before it. */
export function newestMagicAuth(context: Context, userId: string): MagicAuthRow | null {
  return context.database.get<MagicAuthRow>(
    'SELECT * FROM magic_auths WHERE user_id = ? ORDER BY created_at DESC, id DESC LIMIT 1',
    [userId],
  );
}

export function useMagicAuth(context: Context, id: string): void {
  context.database.run('UPDATE magic_auths SET used_at = ?, updated_at = ? WHERE id = ?', [
    context.now,
    context.now,
    id,
  ]);
}

export function countMagicAuthAttempt(context: Context, id: string): void {
  context.database.run('UPDATE magic_auths SET attempts = attempts + 1 WHERE id = ?', [id]);
}
