import type { TransportFailure, WireResponse } from './transport.ts';

/** How often one call is sent at most. */
export const maxAttempts = 4;

/** The longest wait that an API can ask for and get, in milliseconds. Past it the call fails at once. */
export const longestWait = 60_000;

/** The first wait, which doubles from one attempt to the next, and the longest of these; in milliseconds. */
const firstWait = 250;
const longestBackoff = 8_000;

/** Answers that mean "not now": RFC 6585 (429) and RFC 9110 (502, 503, 504). */
const passing = new Set([429, 502, 503, 504]);

export interface RetryQuestion {
  readonly answer: WireResponse | TransportFailure;
  /** How many attempts there have been. */
  readonly attempts: number;
  /** Whether sending it again does no harm: it reads, or carries an idempotency key. */
  readonly repeatable: boolean;
  /** Between 0 and 1. */
  readonly random: number;
  /** Milliseconds since 1970. */
  readonly date: number;
}

/** How many milliseconds to wait before the request is sent again; null when it is not to be. */
export function waitBeforeRetry({
  answer,
  attempts,
  repeatable,
  random,
  date,
}: RetryQuestion): number | null {
  if (attempts >= maxAttempts) return null;
  if ('failed' in answer) {
    // What was not sent cannot happen twice.
    const again = answer.failed === 'unreachable' ? !answer.lasting : answer.failed === 'lost' && repeatable;
    return again ? backoff(attempts, random) : null;
  }
  if (!repeatable || !passing.has(answer.status)) return null;
  const asked = retryAfter(answer, date);
  if (asked === null) return backoff(attempts, random);
  // A little more than asked, and not the same for everybody.
  return asked > longestWait ? null : asked + random * firstWait;
}

/** Half of it fixed and half by chance, so that those who failed together do not come back together. */
export function backoff(attempts: number, random: number): number {
  const whole = Math.min(longestBackoff, firstWait * 2 ** (attempts - 1));
  return whole / 2 + (random * whole) / 2;
}

/**
 * What `Retry-After` asks for, in milliseconds; null when it is not there or says nothing. RFC 9110, 10.2.3: seconds,
 * or a date, which is measured by the server's own clock where the answer tells it.
 */
export function retryAfter({ headers }: Pick<WireResponse, 'headers'>, date: number): number | null {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return null;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  return Number.isNaN(until) ? null : Math.max(0, until - serverDate(headers, date));
}

/** The time by the server's clock, in milliseconds since 1970; ours when it does not tell. */
export function serverDate(headers: WireResponse['headers'], date: number): number {
  const theirs = Date.parse(headers['date'] ?? '');
  return Number.isNaN(theirs) ? date : theirs;
}
