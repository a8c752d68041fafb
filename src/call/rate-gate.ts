import type { Clock } from '../support/clock.ts';
import { rateLimitOf } from './rate-limit.ts';
import { longestWait } from './retry.ts';
import type { ResponseHead } from './transport.ts';

/**
 * What all calls of one account at one API pass before they are sent: it keeps them to the limit that the API has
 * told of, and holds them back while one of them was told to wait. Calls under way are counted as not yet counted by
 * the API, which is the safe guess.
 */
export class RateGate {
  readonly #clock: Clock;
  readonly #random: () => number;
  #underWay = 0;
  /** How many more may be sent before `#resetAt`; null while no limit is known. */
  #left: number | null = null;
  #resetAt = 0;
  #pausedUntil = 0;
  #waiting: (() => void)[] = [];

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Waits for the turn of one more call; whoever has entered has to leave. A wait that would end after the deadline is
   * not begun: then the API is asked all the same, for its answer is the best there is.
   */
  async enter(deadline: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const now = this.#clock.now();
      const opens = this.#opensAt(now);
      if (opens <= now || opens >= deadline) break;
      await this.#waitUntil(opens, now, signal);
    }
    if (this.#left !== null) this.#left -= 1;
    this.#underWay += 1;
  }

  /** @param head what the API answered; null when it did not */
  leave(head: ResponseHead | null): void {
    this.#underWay -= 1;
    const limit = head === null ? null : rateLimitOf(head, this.#clock.date());
    if (limit !== null) {
      this.#left = limit.remaining - this.#underWay;
      this.#resetAt = this.#clock.now() + limit.resetMs;
    }
    this.#wake();
  }

  /** Holds back every call for so many milliseconds. */
  pause(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + Math.min(milliseconds, longestWait));
  }

  /** When the next call may be sent, as far as is known now. */
  #opensAt(now: number): number {
    if (this.#left !== null && now >= this.#resetAt) this.#left = null;
    // Who has to wait longer than this is better told by the API.
    const spent = this.#left !== null && this.#left <= 0 && this.#resetAt - now <= longestWait;
    return Math.max(this.#pausedUntil, spent ? this.#resetAt : 0);
  }

  /** Until then, or until an answer tells more. */
  async #waitUntil(time: number, now: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wake = () => woken.abort();
    this.#waiting.push(wake);
    signal.addEventListener('abort', wake);
    // Not all at the same moment.
    await this.#clock.sleep(time - now + this.#random() * 100, woken.signal);
    signal.removeEventListener('abort', wake);
  }

  #wake(): void {
    if (this.#waiting.length === 0) return;
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
