import { minute, timestamp } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { hashSecret } from '../../kit/environments.ts';
import { badRequest } from '../../kit/errors.ts';
import { randomToken } from '../../kit/random.ts';
import type { SignIn } from './sign-in.ts';

/** How long somebody has for a step of signing in. */
const lifetime = 10 * minute;

/** Keeps what somebody has shown, for the step that is left. The token is the only way back to it. */
export function keepPending(context: Context, signIn: SignIn): string {
  const token = randomToken(context.random, 25);
  context.database.run(
    `INSERT INTO pending_authentications (token_hash, environment_id, user_id, sign_in, expires_at, created_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [
      hashSecret(token),
      context.environment.id,
      signIn.userId,
      JSON.stringify(signIn),
      timestamp(context.time + lifetime),
      context.now,
    ],
  );
  return token;
}

/** @throws ApiError 400 `invalid_pending_authentication_token` when it is unknown, expired or used up */
export function requirePending(context: Context, token: string): SignIn {
  const row = context.database.get<{ sign_in: string }>(
    'SELECT sign_in FROM pending_authentications WHERE environment_id = ? AND token_hash = ? AND expires_at > ?',
    [context.environment.id, hashSecret(token), context.now],
  );
  if (row === null) {
    throw badRequest(
      'invalid_pending_authentication_token',
      'The pending authentication token is unknown, has expired or has been used.',
    );
  }
  // Written by this server.
  return JSON.parse(row.sign_in) as SignIn;
}

/** Takes a token back whose step is done. */
export function dropPending(context: Context, token: string): void {
  context.database.run('DELETE FROM pending_authentications WHERE token_hash = ?', [hashSecret(token)]);
}
