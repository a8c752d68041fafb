import type { Database } from '../../../sqlite/index.ts';
import { minute, timestamp } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { type Environment, hashSecret } from '../../kit/environments.ts';
import { randomToken } from '../../kit/random.ts';

/** Who may redeem a code: the application itself, or the hosted sign-in that sent its visitor along. */
export type Audience = 'sso' | 'user_management';

export interface CodeRow {
  readonly code_hash: string;
  readonly profile_id: string;
  readonly audience: Audience;
  readonly code_challenge: string | null;
  readonly used_at: string | null;
  readonly expires_at: string;
}

export type TokenKind = 'access' | 'logout';

export interface TokenRow {
  readonly token_hash: string;
  readonly environment_id: string;
  readonly client_id: string;
  readonly profile_id: string;
  readonly used_at: string | null;
  readonly expires_at: string;
}

const codeLifetime = 10 * minute;
export const tokenLifetime: Readonly<Record<TokenKind, number>> = {
  access: 10 * minute,
  logout: 10 * minute,
};

export function newCode(
  context: Context,
  code: Pick<CodeRow, 'profile_id' | 'audience' | 'code_challenge'>,
): string {
  const text = randomToken(context.random, 26);
  context.database.run(
    `INSERT INTO sso_codes (code_hash, environment_id, profile_id, audience, code_challenge, expires_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [
      hashSecret(text),
      context.environment.id,
      code.profile_id,
      code.audience,
      code.code_challenge,
      timestamp(context.time + codeLifetime),
    ],
  );
  return text;
}

export function codeOf(context: Context, text: string): CodeRow | null {
  return context.database.get<CodeRow>('SELECT * FROM sso_codes WHERE environment_id = ? AND code_hash = ?', [
    context.environment.id,
    hashSecret(text),
  ]);
}

export function useCode(context: Context, row: CodeRow): void {
  context.database.run('UPDATE sso_codes SET used_at = ? WHERE code_hash = ?', [context.now, row.code_hash]);
}

export function newToken(context: Context, kind: TokenKind, profileId: string): string {
  const text = randomToken(context.random, 40);
  context.database.run(
    'INSERT INTO sso_tokens (token_hash, environment_id, profile_id, kind, expires_at) VALUES (?, ?, ?, ?, ?)',
    [
      hashSecret(text),
      context.environment.id,
      profileId,
      kind,
      timestamp(context.time + tokenLifetime[kind]),
    ],
  );
  return text;
}

/** A token whatever its environment, which it tells itself. */
export function tokenRow(database: Database, kind: TokenKind, text: string): TokenRow | null {
  return database.get<TokenRow>(
    `SELECT sso_tokens.*, client_id FROM sso_tokens JOIN environments ON environments.id = environment_id
     WHERE token_hash = ? AND kind = ?`,
    [hashSecret(text), kind],
  );
}

export function environmentOfToken(row: TokenRow): Environment {
  return { id: row.environment_id, client_id: row.client_id };
}

/** @returns whether this was its first use */
export function useToken(context: Context, tokenHash: string): boolean {
  const used = context.database.run(
    'UPDATE sso_tokens SET used_at = ? WHERE token_hash = ? AND used_at IS NULL',
    [context.now, tokenHash],
  );
  return used > 0;
}
