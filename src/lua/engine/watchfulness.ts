import { availableParallelism } from 'node:os';

const severalProcessors = availableParallelism() > 1;

/** The shortest watch, in milliseconds: it is what tells that things come sooner again. */
const least = 0.02;

/** How often it looks between two looks at the clock, which take longer and leave a number behind each time. */
const looks = 50;

/** A thread that does not come to look for so many milliseconds while it watches has been put aside. */
const putAside = 0.1;

/** After how many milliseconds of watching it is asked how much of them was lost; a turn of another thread takes some of them. */
const askedAfter = 20;

/**
 * How much of it may be lost. With one thread more than there are processors, which take turns, watching still pays a
 * little; with many it takes from all of them.
 */
const mostLost = 0.65;

/** How long nothing is watched for after more than that, in milliseconds: the longer, the sooner it happens again. */
const rests = { shortest: 100, longest: 1_000 };

/**
 * Staying awake for what comes soon: to fall asleep and be woken takes a thread as long as a short call does. As long as
 * things do come soon it stays awake for `most` milliseconds; the more often it has watched in vain, the shorter. Where
 * there are more threads than processors it would hold one that somebody else needs, perhaps whoever it waits for: a
 * thread that is put aside again and again while it watches has it be for a while.
 */
export class Watchfulness {
  readonly #most: number;
  #now: number;
  /** Milliseconds watched since it was last asked, and how many of them were lost. */
  #watched = 0;
  #lost = 0;
  #rest: number = rests.shortest;
  #restsUntil = Number.NEGATIVE_INFINITY;

  /** @param most milliseconds */
  constructor(most: number) {
    this.#most = most;
    this.#now = most;
  }

  /** Waits, awake, until something has come, and tells whether it has. With one processor it would never come. */
  watch(hasCome: () => boolean): boolean {
    const begun = performance.now();
    if (!severalProcessors || begun < this.#restsUntil) return false;
    const end = begun + this.#now;
    let now = begun;
    let come = hasCome();
    while (!come && now < end) {
      come = comesNow(hasCome);
      const before = now;
      now = performance.now();
      if (now - before > putAside) this.#lost += now - before;
    }
    this.#watched += now - begun;
    if (this.#watched > askedAfter) this.#restIfBusy(now);
    if (!come) this.#now = Math.max(least, this.#now / 2);
    return come;
  }

  /** What was watched for in vain has come after so many milliseconds. */
  came(after: number): void {
    if (after <= this.#most) this.#now = this.#most;
  }

  #restIfBusy(now: number): void {
    const busy = this.#lost > this.#watched * mostLost;
    this.#watched = 0;
    this.#lost = 0;
    if (!busy) return;
    const soonAgain = now - this.#restsUntil < this.#rest;
    this.#rest = soonAgain ? Math.min(this.#rest * 2, rests.longest) : rests.shortest;
    this.#restsUntil = now + this.#rest;
  }
}

/** A function of its own, because V8 optimizes what goes round and round, and throws it away where it goes on. */
function comesNow(hasCome: () => boolean): boolean {
  for (let look = 0; look < looks; look += 1) if (hasCome()) return true;
  return false;
}
