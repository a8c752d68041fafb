import { createHash } from 'node:crypto';
import type { Random } from '../kit/random.ts';

/** Bytes that look random and are the same every time, for seeded ids and tokens. Never for secrets. */
export class CountedRandom implements Random {
  #count = 0;

  bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let filled = 0; filled < count; filled += 32) {
      const block = createHash('sha256').update(`kosmo seed ${this.#count}`).digest();
      this.#count += 1;
      bytes.set(block.subarray(0, Math.min(32, count - filled)), filled);
    }
    return bytes;
  }
}
