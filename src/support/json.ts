/**
 * A JSON value inside kosmo. An integer that a double cannot hold exactly is a bigint, so that no digit is lost; a
 * number beyond 2^53 is one that was written with an exponent or a point.
 */
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Whether a value is a JSON object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands before a number that goes through `JSON.stringify` as a string, and how such a string is found. */
interface NumberMark {
  readonly text: string;
  readonly pattern: RegExp;
}

/** Made when the first such number comes: most runs have none, and what makes it takes longer to load than they run. */
let numberMark: NumberMark | null = null;

function makeNumberMark(): NumberMark {
  const text = `number:${crypto.randomUUID()}:`;
  return { text, pattern: new RegExp(`"${text}([^"]+)"`, 'g') };
}

/** A number that `JSON.stringify` cannot write, or writes as another one: as it must be; null for any other value. */
function specialNumber(value: unknown): string | null {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'number') return null;
  if (Object.is(value, -0)) return '-0';
  // Written with an exponent, so that it is not read as an integer of so many digits.
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : null;
}

/**
 * Whether there is such a number in a value, or something that turns into another value when it is written. To look is
 * much quicker than to have every value of a text go through a function on its way.
 */
function mayHoldSpecial(value: unknown): boolean {
  if (typeof value === 'bigint' || typeof value === 'number') return specialNumber(value) !== null;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(mayHoldSpecial);
  const object = value as Readonly<Record<string, unknown>>;
  if (typeof object['toJSON'] === 'function') return true;
  for (const name in object) if (mayHoldSpecial(object[name])) return true;
  return false;
}

/** JSON text of a value; a bigint is written with all its digits, and every number as what it is. */
export function stringifyJson(value: unknown, indent?: number): string {
  if (!mayHoldSpecial(value)) return JSON.stringify(value, undefined, indent);
  let marked = false;
  const text = JSON.stringify(
    value,
    (_, inner: unknown) => {
      const special = specialNumber(inner);
      if (special === null) return inner;
      marked = true;
      numberMark ??= makeNumberMark();
      return numberMark.text + special;
    },
    indent,
  );
  return marked && numberMark !== null ? text.replace(numberMark.pattern, '$1') : text;
}
