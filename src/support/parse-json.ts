import type { JsonValue } from './json.ts';

/** Sixteen digits in a row where a number may begin: the shortest integer a double may round. */
const longDigits = /(?:^|[[:,\s-])\d{16}/;

/** Parses JSON text, keeping every digit of large integers; undefined when it does not parse. */
export function parseJson(text: string): JsonValue | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  return longDigits.test(text) ? parseExactly(text) : value;
}

/** As `JSON.parse`, for text that is known to parse, with integers past 2^53 as bigints. */
function parseExactly(text: string): JsonValue {
  const integers: bigint[] = [];
  const mark = `integer:${Math.random()}:`;
  // Strings and whole numbers are matched, so that digits inside a string or a decimal are never taken for an integer.
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) => {
    if (token.startsWith('"') || !/^-?\d{16,}$/.test(token)) return token;
    const integer = BigInt(token);
    if (BigInt(Number(token)) === integer && Number.isSafeInteger(Number(token))) return token;
    integers.push(integer);
    return `"${mark}${integers.length - 1}"`;
  });
  return JSON.parse(marked, (_, inner: unknown) =>
    typeof inner === 'string' && inner.startsWith(mark) ? integers[Number(inner.slice(mark.length))] : inner,
  ) as JsonValue;
}
