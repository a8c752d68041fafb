import { availableParallelism } from 'node:os';

const severalProcessors = availableParallelism() > 1;

/** The shortest watch, in milliseconds: it is what tells that things come sooner again. */
const least = 0.02;

/** A thread that loses so many milliseconds while it watches has been put aside for another one. */
const putAside = 0.5;

/** How long nothing is watched for after that, in milliseconds: the longer, the sooner it happens again. */
const rests = { shortest: 100, longest: 5_000 };

/**
 * Staying awake for what comes soon: to fall asleep and be woken takes a thread as long as a short call does. As long as
 * things do come soon it stays awake for `most` milliseconds; the more often it has watched in vain, the shorter. Where
 * there are more threads than processors it would hold one that somebody else needs, perhaps whoever it waits for: a
 * thread that is put aside while it watches has it be for a while.
 */
export class Watchfulness {
  readonly #most: number;
  #now: number;
  #rest: number = rests.shortest;
  #restsUntil = Number.NEGATIVE_INFINITY;

  /** @param most milliseconds */
  constructor(most: number) {
    this.#most = most;
    this.#now = most;
  }

  /** Waits, awake, until something has come, and tells whether it has. With one processor it would never come. */
  watch(hasCome: () => boolean): boolean {
    let now = performance.now();
    if (!severalProcessors || now < this.#restsUntil) return false;
    const end = now + this.#now;
    do {
      if (hasCome()) return true;
      const before = now;
      now = performance.now();
      if (now - before > putAside) {
        this.#restFrom(now);
        return hasCome();
      }
    } while (now < end);
    this.#now = Math.max(least, this.#now / 2);
    return false;
  }

  /** What was watched for in vain has come after so many milliseconds. */
  came(after: number): void {
    if (after <= this.#most) this.#now = this.#most;
  }

  #restFrom(now: number): void {
    const soonAgain = now - this.#restsUntil < this.#rest;
    this.#rest = soonAgain ? Math.min(this.#rest * 2, rests.longest) : rests.shortest;
    this.#restsUntil = now + this.#rest;
  }
}
