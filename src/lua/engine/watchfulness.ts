import { availableParallelism } from 'node:os';

const severalProcessors = availableParallelism() > 1;

/** The shortest watch, in milliseconds: it is what tells that things come sooner again. */
const least = 0.02;

/**
 * Staying awake for what comes soon: to fall asleep and be woken takes a thread as long as a short call does. As long as
 * things do come soon it stays awake for `most` milliseconds; the more often it has watched in vain, the shorter.
 */
export class Watchfulness {
  readonly #most: number;
  #now: number;

  /** @param most milliseconds */
  constructor(most: number) {
    this.#most = most;
    this.#now = most;
  }

  /** Waits, awake, until something has come, and tells whether it has. With one processor it would never come. */
  watch(hasCome: () => boolean): boolean {
    if (!severalProcessors) return false;
    const end = performance.now() + this.#now;
    do if (hasCome()) return true;
    while (performance.now() < end);
    this.#now = Math.max(least, this.#now / 2);
    return false;
  }

  /** What was watched for in vain has come after so many milliseconds. */
  came(after: number): void {
    if (after <= this.#most) this.#now = this.#most;
  }
}
