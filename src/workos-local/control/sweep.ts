import type { Database } from '../../sqlite/index.ts';
import { type Clock, day, minute, second, systemClock, timestamp } from '../kit/clock.ts';
import type { PageHost } from '../pages/host.ts';

/** What is of no use to anybody once it has expired: codes, tokens and half-done visits that no request can name again. */
const expiring: readonly (readonly [table: string, until: string])[] = [
  ['pending_authentications', 'expires_at'],
  ['authorization_codes', 'expires_at'],
  ['authorization_flows', 'expires_at'],
  ['device_authorizations', 'expires_at'],
  ['sso_sign_ins', 'expires_at'],
  ['sso_codes', 'expires_at'],
  ['sso_tokens', 'expires_at'],
  ['connect_requests', 'expires_at'],
  ['connect_grants', 'expires_at'],
  ['data_integration_authorizations', 'expires_at'],
  ['portal_links', 'coalesce(session_expires_at, expires_at)'],
  // They are kept for a day.
  ['idempotency_keys', 'created_at'],
];

/** How long after its end something may still tell a late comer that it has expired, rather than that it never was. */
const grace = 7 * day;

/**
 * Deletes what has expired long ago, of all environments, so that a file that is used for months does not grow by
 * every sign-in.
 *
 * @param clocks the server's and the machine's: what one of them finds still good stays, for the server's may be
 *   moved back
 * @returns how many rows it deleted
 */
export function sweep(database: Database, ...clocks: readonly Clock[]): number {
  const end = timestamp(Math.min(...clocks.map((clock) => clock.now())) - grace);
  return database.write(() => {
    const swept = expiring.map(([table, until]) =>
      database.run(`DELETE FROM ${table} WHERE ${until} < ?`, [end]),
    );
    const refreshTokens = database.run(
      'DELETE FROM refresh_tokens WHERE session_id IN (SELECT id FROM sessions WHERE expires_at < ?)',
      [end],
    );
    return swept.reduce((sum, count) => sum + count, refreshTokens);
  });
}

/** A start is not made slower by it. */
const firstAfter = 5 * second;
const sweepEvery = 60 * minute;

/**
 * Sweeps a server's database now and then, until it is told to stop. It does not keep the process alive.
 *
 * @returns what stops it
 */
export function keepSwept({ database, clock }: PageHost): () => void {
  let timer: NodeJS.Timeout;
  const sweepIn = (milliseconds: number) => {
    timer = setTimeout(() => {
      try {
        sweep(database, clock, systemClock);
      } catch {
        // Another process is writing for long: it can wait for the next time.
      }
      sweepIn(sweepEvery);
    }, milliseconds).unref();
  };
  sweepIn(firstAfter);
  return () => clearTimeout(timer);
}
