import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';

export interface FactorRow {
  readonly id: string;
  readonly user_id: string | null;
  readonly type: 'totp' | 'sms' | 'generic_otp';
  readonly phone_number: string | null;
  readonly totp_issuer: string | null;
  readonly totp_user: string | null;
  readonly totp_secret: string | null;
  readonly last_step: number | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface ChallengeRow {
  readonly id: string;
  readonly factor_id: string;
  readonly code: string | null;
  /** How often a wrong code was given. */
  readonly attempts: number;
  readonly used_at: string | null;
  readonly expires_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertFactor(context: Context, row: FactorRow): void {
  context.database.run(
    `INSERT INTO auth_factors (id, environment_id, user_id, type, phone_number, totp_issuer, totp_user, totp_secret,
       last_step, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.user_id,
      row.type,
      row.phone_number,
      row.totp_issuer,
      row.totp_user,
      row.totp_secret,
      row.last_step,
      row.created_at,
      row.updated_at,
    ],
  );
}

/** @throws ApiError 404 */
export function requireFactor(context: Context, id: string): FactorRow {
  const row = context.database.get<FactorRow>(
    'SELECT * FROM auth_factors WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
  if (row === null) throw notFound('Authentication factor', id);
  return row;
}

/** The factors a user signs in with, oldest first. */
export function factorsOfUser(context: Context, userId: string): FactorRow[] {
  return context.database.all<FactorRow>(
    'SELECT * FROM auth_factors WHERE user_id = ? ORDER BY created_at, id',
    [userId],
  );
}

export function keepLastStep(context: Context, factorId: string, step: number): void {
  context.database.run('UPDATE auth_factors SET last_step = ? WHERE id = ?', [step, factorId]);
}

/** Takes its challenges with it. */
export function deleteFactorRow(context: Context, id: string): void {
  context.database.run('DELETE FROM auth_factors WHERE id = ?', [id]);
}

export function insertChallenge(context: Context, row: ChallengeRow): void {
  context.database.run(
    `INSERT INTO auth_challenges (id, environment_id, factor_id, code, attempts, used_at, expires_at, created_at,
       updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.factor_id,
      row.code,
      row.attempts,
      row.used_at,
      row.expires_at,
      row.created_at,
      row.updated_at,
    ],
  );
}

/** @throws ApiError 404 */
export function requireChallenge(context: Context, id: string): ChallengeRow {
  const row = context.database.get<ChallengeRow>(
    'SELECT * FROM auth_challenges WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
  if (row === null) throw notFound('Authentication challenge', id);
  return row;
}

export function updateChallenge(context: Context, row: ChallengeRow): void {
  context.database.run('UPDATE auth_challenges SET attempts = ?, used_at = ?, updated_at = ? WHERE id = ?', [
    row.attempts,
    row.used_at,
    row.updated_at,
    row.id,
  ]);
}
