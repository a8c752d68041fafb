import type { Database } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';
import type { Environment } from '../../kit/environments.ts';
import type { AuthenticationMethod } from './authentication-method.ts';

export interface SessionRow {
  readonly id: string;
  readonly user_id: string;
  readonly organization_id: string | null;
  readonly method: AuthenticationMethod;
  readonly is_public: 0 | 1;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly expires_at: string;
  readonly revoked_at: string | null;
  /** JSON; null but in a session of somebody who is there in place of its user. */
  readonly impersonator: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface RefreshTokenRow {
  readonly session_id: string;
  readonly used_at: string | null;
  readonly created_at: string;
}

export function insertSession(context: Context, row: SessionRow): void {
  context.database.run(
    `INSERT INTO sessions (user_id, organization_id, method, is_public, ip_address, user_agent, expires_at,
       revoked_at, impersonator, created_at, updated_at, id, environment_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.user_id,
      row.organization_id,
      row.method,
      row.is_public,
      row.ip_address,
      row.user_agent,
      row.expires_at,
      row.revoked_at,
      row.impersonator,
      row.created_at,
      row.updated_at,
      row.id,
      context.environment.id,
    ],
  );
}

export function updateSession(context: Context, row: SessionRow): void {
  context.database.run(
    'UPDATE sessions SET organization_id = ?, is_public = ?, revoked_at = ?, updated_at = ? WHERE id = ?',
    [row.organization_id, row.is_public, row.revoked_at, row.updated_at, row.id],
  );
}

export function sessionById(context: Context, id: string): SessionRow | null {
  return context.database.get<SessionRow>('SELECT * FROM sessions WHERE environment_id = ? AND id = ?', [
    context.environment.id,
    id,
  ]);
}

export function sessionsOfUser(context: Context, userId: string): SessionRow[] {
  return context.database.all<SessionRow>(
    'SELECT * FROM sessions WHERE user_id = ? ORDER BY created_at, id',
    [userId],
  );
}

/** The environment a session is in: who logs out shows the session alone. */
export function environmentOfSession(database: Database, id: string): Environment | null {
  return database.get<Environment>(
    `SELECT environments.id, environments.client_id
     FROM sessions JOIN environments ON environments.id = sessions.environment_id WHERE sessions.id = ?`,
    [id],
  );
}

export function insertRefreshToken(context: Context, tokenHash: string, sessionId: string): void {
  context.database.run('INSERT INTO refresh_tokens (token_hash, session_id, created_at) VALUES (?, ?, ?)', [
    tokenHash,
    sessionId,
    context.now,
  ]);
}

export function refreshTokenByHash(context: Context, tokenHash: string): RefreshTokenRow | null {
  return context.database.get<RefreshTokenRow>(
    'SELECT session_id, used_at, created_at FROM refresh_tokens WHERE token_hash = ?',
    [tokenHash],
  );
}

export function useRefreshToken(context: Context, tokenHash: string): void {
  context.database.run('UPDATE refresh_tokens SET used_at = ? WHERE token_hash = ?', [
    context.now,
    tokenHash,
  ]);
}
