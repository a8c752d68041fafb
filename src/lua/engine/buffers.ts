import { chargeBuffers, fits } from './allocator.ts';

/** Thrown where the host's functions would hold more for a program than it may use. The run is ended for it. */
export class OutOfMemory extends Error {
  override readonly name = 'OutOfMemory';

  constructor() {
    super('not enough memory');
  }
}

/** After how many bytes held it is looked whether they fit. */
const lookAfter = 16 * 1024;

/**
 * What the host's functions hold for a program outside of Lua's memory, counted against the same limit: a value that
 * is turned into JSON, a text on its way to a regular expression, answers nobody has taken yet. A program can say a
 * thousand times the same large string, so that what is made of a value may be far larger than what Lua holds of it.
 * Sizes are estimates of what JavaScript needs.
 */
export class Buffers {
  readonly #counters: WebAssembly.Memory;
  #held = 0;
  #kept = 0;
  /** Has Lua give back what it does not need, as it does itself before it is refused memory. */
  collectGarbage: () => void = () => undefined;
  /** What was held since it was last looked whether it fits. */
  #unseen = 0;

  constructor(counters: WebAssembly.Memory) {
    this.#counters = counters;
  }

  reset(): void {
    this.#held = 0;
    this.#kept = 0;
  }

  /** What is held now, for `releaseTo`. */
  get held(): number {
    return this.#held;
  }

  /**
   * Counts what is held until the running function of the host has ended.
   * @throws OutOfMemory
   */
  hold(bytes: number): void {
    this.#held += bytes;
    this.#unseen += bytes;
    if (this.#unseen < lookAfter) return;
    this.#unseen = 0;
    this.#charge();
  }

  releaseTo(held: number): void {
    this.#held = held;
  }

  /**
   * Counts what is held until it is given back.
   * @throws OutOfMemory
   */
  keep(bytes: number): void {
    this.#kept += bytes;
    this.#charge();
  }

  giveBack(bytes: number): void {
    this.#kept -= bytes;
  }

  #charge(): void {
    const held = this.#held + this.#kept;
    if (fits(this.#counters, held)) return;
    this.collectGarbage();
    if (!chargeBuffers(this.#counters, held)) throw new OutOfMemory();
  }
}
