import { randomFillSync } from 'node:crypto';

/** Where ids, tokens and secrets get their chance from. */
export interface Random {
  /** Bytes that are valid until the next call. */
  bytes(count: number): Uint8Array;
}

/** Cryptographic randomness, drawn from the system in pieces large enough to make each draw cheap. */
export class SystemRandom implements Random {
  readonly #pool = new Uint8Array(4096);
  #used = this.#pool.length;

  bytes(count: number): Uint8Array {
    if (this.#used + count > this.#pool.length) {
      randomFillSync(this.#pool);
      this.#used = 0;
    }
    const piece = this.#pool.subarray(this.#used, this.#used + count);
    this.#used += count;
    return piece;
  }
}

const alphanumeric = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const digits = '0123456789';

/** A token of letters and digits: 25 of them hold 148 bits. */
export function randomToken(random: Random, length: number): string {
  return randomText(random, alphanumeric, length);
}

/** A code a person types: decimal digits. */
export function randomCode(random: Random, length: number): string {
  return randomText(random, digits, length);
}

/** @param alphabet each character as likely as any other; at most 256 */
export function randomText(random: Random, alphabet: string, length: number): string {
  // Bytes past the last whole multiple of the alphabet are dropped, so that every character is equally likely.
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of random.bytes(length)) {
      if (byte < limit && text.length < length) text += alphabet.charAt(byte % alphabet.length);
    }
  }
  return text;
}
