import { retryAfter, serverDate } from './retry.ts';
import type { ResponseHead } from './transport.ts';

/** What an API says of its limit: how many more requests it takes, and in how many milliseconds it forgets them. */
export interface RateLimit {
  readonly remaining: number;
  readonly resetMs: number;
}

/**
 * Reads the rate limit off an answer; null when there is none. Three families are in use: `RateLimit` of the IETF's
 * draft-ietf-httpapi-ratelimit-headers (`"default";r=5;t=30`, and before `limit=10, remaining=5, reset=30`), the
 * draft's older `RateLimit-Remaining` and `RateLimit-Reset`, and `X-RateLimit-…`, whose reset is a number of seconds
 * or a time.
 */
export function rateLimitOf({ headers }: ResponseHead, date: number): RateLimit | null {
  const combined = headers['ratelimit'];
  if (combined !== undefined) {
    const limits = combined
      .split(',')
      .map((item) => made(field(item, 'r'), field(item, 't')))
      .filter((limit) => limit !== null);
    // Of several policies the one that has least left is the one that will be hit.
    const tightest = limits.sort((a, b) => a.remaining - b.remaining)[0];
    return tightest ?? made(field(combined, 'remaining'), field(combined, 'reset'));
  }
  for (const name of separate) {
    const remaining = headers[name.remaining];
    if (remaining === undefined) continue;
    const reset = headers[name.reset];
    if (reset === undefined) {
      const wait = retryAfter({ headers }, date);
      return wait === null ? null : made(number(remaining), wait / 1000);
    }
    return made(number(remaining), secondsUntil(reset, serverDate(headers, date)));
  }
  return null;
}

/** Headers that say one thing each. */
const separate = ['ratelimit', 'x-ratelimit', 'x-rate-limit'].map((prefix) => ({
  remaining: `${prefix}-remaining`,
  reset: `${prefix}-reset`,
}));

function made(remaining: number | null, seconds: number | null): RateLimit | null {
  return remaining === null || seconds === null ? null : { remaining, resetMs: Math.max(0, seconds * 1000) };
}

/** The value of `name=` in a list of parameters. */
function field(text: string, name: string): number | null {
  return number(new RegExp(`(?:^|[;,\\s])${name}\\s*=\\s*"?(\\d+)`, 'i').exec(text)?.[1] ?? '');
}

function number(text: string): number | null {
  return /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null;
}

/** A reset is seconds from now, seconds since 1970, milliseconds since 1970, or a date: its size tells which. */
function secondsUntil(reset: string, date: number): number | null {
  const value = number(reset);
  if (value === null) {
    const time = Date.parse(reset);
    return Number.isNaN(time) ? null : (time - date) / 1000;
  }
  if (value > 1e11) return (value - date) / 1000;
  return value > 1e9 ? value - date / 1000 : value;
}
