import { createHash } from 'node:crypto';
import { minute, timestamp } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { hashSecret } from '../../kit/environments.ts';
import { sameInConstantTime } from '../../kit/one-time-code.ts';
import { randomToken } from '../../kit/random.ts';
import type { SessionRow } from '../sessions/sessions.table.ts';

export interface AuthorizationCodeRow {
  readonly session_id: string;
  readonly code_challenge: string | null;
  readonly used_at: string | null;
  readonly expires_at: string;
}

const lifetime = 10 * minute;

/**
 * A code with which an application gets the tokens of a session that began on the hosted pages.
 *
 * @param codeChallenge of PKCE (RFC 7636), by S256; null when the application did not send one
 */
export function newAuthorizationCode(
  context: Context,
  session: SessionRow,
  codeChallenge: string | null,
): string {
  const code = randomToken(context.random, 25);
  context.database.run(
    `INSERT INTO authorization_codes (code_hash, environment_id, session_id, code_challenge, expires_at, created_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [
      hashSecret(code),
      context.environment.id,
      session.id,
      codeChallenge,
      timestamp(context.time + lifetime),
      context.now,
    ],
  );
  return code;
}

export function authorizationCode(context: Context, code: string): AuthorizationCodeRow | null {
  return context.database.get<AuthorizationCodeRow>(
    `SELECT session_id, code_challenge, used_at, expires_at FROM authorization_codes
     WHERE environment_id = ? AND code_hash = ?`,
    [context.environment.id, hashSecret(code)],
  );
}

export function useAuthorizationCode(context: Context, code: string): void {
  context.database.run('UPDATE authorization_codes SET used_at = ? WHERE code_hash = ?', [
    context.now,
    hashSecret(code),
  ]);
}

/** Whether a verifier is the one a challenge was made from. */
export function isVerifierOf(challenge: string, verifier: string): boolean {
  return sameInConstantTime(createHash('sha256').update(verifier).digest('base64url'), challenge);
}
