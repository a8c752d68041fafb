import { day, minute, timestamp } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { hashSecret } from '../../kit/environments.ts';
import { randomToken } from '../../kit/random.ts';

export type GrantKind = 'code' | 'refresh_token';

export interface GrantRow {
  readonly token_hash: string;
  readonly authorization_id: string;
  readonly redirect_uri: string | null;
  /** JSON: names. */
  readonly scopes: string;
  readonly nonce: string | null;
  readonly code_challenge: string | null;
  /** JSON: what was chosen on the consent page. */
  readonly claims: string;
  readonly used_at: string | null;
  readonly created_at: string;
  readonly expires_at: string;
}

const lifetimes: Readonly<Record<GrantKind, number>> = { code: 10 * minute, refresh_token: 30 * day };

/** Makes a code or a refresh token, and tells it to whoever gets it; what is kept is its hash. */
export function newGrant(
  context: Context,
  kind: GrantKind,
  grant: Pick<
    GrantRow,
    'authorization_id' | 'redirect_uri' | 'scopes' | 'nonce' | 'code_challenge' | 'claims'
  >,
): string {
  const token = randomToken(context.random, 40);
  context.database.run(
    `INSERT INTO connect_grants (token_hash, environment_id, kind, authorization_id, redirect_uri, scopes, nonce,
       code_challenge, claims, created_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      hashSecret(token),
      context.environment.id,
      kind,
      grant.authorization_id,
      grant.redirect_uri,
      grant.scopes,
      grant.nonce,
      grant.code_challenge,
      grant.claims,
      context.now,
      timestamp(context.time + lifetimes[kind]),
    ],
  );
  return token;
}

export function grantOf(context: Context, kind: GrantKind, token: string): GrantRow | null {
  return context.database.get<GrantRow>(
    'SELECT * FROM connect_grants WHERE environment_id = ? AND kind = ? AND token_hash = ?',
    [context.environment.id, kind, hashSecret(token)],
  );
}

export function useGrant(context: Context, row: GrantRow): void {
  context.database.run('UPDATE connect_grants SET used_at = ? WHERE token_hash = ?', [
    context.now,
    row.token_hash,
  ]);
}

/** Ends everything that came of an authorization: a code or a refresh token has been shown a second time. */
export function deleteGrantsOf(context: Context, authorizationId: string): void {
  context.database.run('DELETE FROM connect_grants WHERE authorization_id = ?', [authorizationId]);
}
