import type { Random } from './random.ts';

/** Crockford's base 32, as ULIDs use it: no I, L, O or U. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const timeLength = 10;
const chanceLength = 16;
const ulid = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Where ids come from. */
export interface Ids {
  /**
   * @param prefix with its underscore: `org_`
   * @param time milliseconds since 1970
   */
  next(prefix: string, time: number): string;
}

/**
 * Makes ids as WorkOS's: a prefix and a ULID (`org_01JH…`). Ids made in the same millisecond count upwards, so ids
 * sort in the order they were made.
 */
export class IdSource implements Ids {
  readonly #random: Random;
  readonly #chance = new Uint8Array(chanceLength);
  #time = -1;
  #timeText = '';

  constructor(random: Random) {
    this.#random = random;
  }

  next(prefix: string, time: number): string {
    if (time === this.#time) this.#countUp();
    else this.#begin(time);
    let text = prefix + this.#timeText;
    for (const digit of this.#chance) text += alphabet.charAt(digit);
    return text;
  }

  #begin(time: number): void {
    this.#time = time;
    this.#timeText = encodeTime(time);
    this.#random.bytes(chanceLength).forEach((byte, position) => {
      this.#chance[position] = byte & 31;
    });
    // Room to count up: without a leading 31 the counter cannot run over within one millisecond.
    this.#chance[0] = (this.#chance[0] ?? 0) & 15;
  }

  #countUp(): void {
    let position = chanceLength - 1;
    while (this.#chance[position] === 31) {
      this.#chance[position] = 0;
      position -= 1;
    }
    this.#chance[position] = (this.#chance[position] ?? 0) + 1;
  }
}

function encodeTime(time: number): string {
  let text = '';
  for (let rest = time, place = 0; place < timeLength; place += 1) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** When an id of this prefix was made, in milliseconds; null when it is no prefix and ULID. */
export function timeOfId(prefix: string, id: string): number | null {
  if (!id.startsWith(prefix)) return null;
  const text = id.slice(prefix.length);
  if (!ulid.test(text)) return null;
  let time = 0;
  for (const character of text.slice(0, timeLength)) time = time * 32 + alphabet.indexOf(character);
  return time;
}
