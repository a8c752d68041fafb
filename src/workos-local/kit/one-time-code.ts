import { createHash, timingSafeEqual } from 'node:crypto';
import { minute, timestamp } from './clock.ts';
import type { Context } from './context.ts';
import { randomCode } from './random.ts';

/** A code that went to somebody by e-mail, who shows with it that the mailbox is theirs. */
export interface OneTimeCode {
  readonly code: string;
  /** How often another code was given in its place. */
  readonly attempts: number;
  readonly used_at: string | null;
  readonly expires_at: string;
}

export type CodeVerdict = 'right' | 'wrong' | 'used' | 'expired' | 'exhausted';

const digits = 6;
const lifetime = 10 * minute;
/** Five of a million codes may be tried: no guessing gets anywhere. */
export const mostAttempts = 5;

export function newCode(context: Context): OneTimeCode {
  return {
    code: randomCode(context.random, digits),
    attempts: 0,
    used_at: null,
    expires_at: timestamp(context.time + lifetime),
  };
}

/** What a code that somebody gives is worth. Whoever asks marks a right one as used and counts a wrong one. */
export function checkCode(kept: OneTimeCode, given: string, now: string): CodeVerdict {
  const isSame = sameInConstantTime(kept.code, given);
  if (kept.used_at !== null) return isSame ? 'used' : 'wrong';
  if (kept.attempts >= mostAttempts) return 'exhausted';
  if (!isSame) return 'wrong';
  return now < kept.expires_at ? 'right' : 'expired';
}

/** Takes as long for a code that is wrong in its first digit as for one that is wrong in its last. */
export function sameInConstantTime(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
