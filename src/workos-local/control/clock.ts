import { KosmoError } from '../../support/errors.ts';
import { timestamp } from '../kit/clock.ts';
import type { PageHost } from '../pages/host.ts';
import { parseDuration } from './duration.ts';

/** What the server's clock says. */
export interface ClockReading {
  /** ISO 8601. */
  readonly now: string;
  /** How far ahead of the machine's clock, in milliseconds. */
  readonly ahead_ms: number;
}

export function readClock(host: PageHost): ClockReading {
  return { now: timestamp(host.clock.now()), ahead_ms: host.clock.ahead };
}

/** The last moment an id can tell of: its ten characters of time have this many milliseconds. */
const latest = Date.UTC(9999, 11, 31);

/**
 * Moves the server's clock, for all processes that serve the file. It goes on from there.
 *
 * @param change a duration with its sign (`+11m`, `-2h`, `+1d12h`), a time in ISO 8601, or `reset`
 * @throws KosmoError `usage`
 */
export function moveClock(host: PageHost, change: string): ClockReading {
  if (change === 'reset') {
    host.clock.reset();
    return readClock(host);
  }
  const duration = /^[+-]/.test(change) ? parseDuration(change.slice(1)) : null;
  const distance = duration === null ? null : duration * (change.startsWith('-') ? -1 : 1);
  const time = distance === null ? isoTime(change) : host.clock.now() + distance;
  if (time === null || time < 0 || time > latest) {
    throw new KosmoError('usage', `The clock cannot be moved by ${change}.`, {
      hint: 'Give a duration with its sign, such as +11m or +1d12h, a time such as 2026-12-31T12:00:00Z, or reset.',
    });
  }
  if (distance === null) host.clock.set(time);
  else host.clock.advance(distance);
  return readClock(host);
}

function isoTime(text: string): number | null {
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
