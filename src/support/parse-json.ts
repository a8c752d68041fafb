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
  // Numbers are matched whole, so that digits of a decimal are never taken for an integer.
  const marked = outsideStrings(text, (part) =>
    part.replace(/-?\d[\d.eE+-]*/g, (token) => {
      if (!/^-?\d{16,}$/.test(token)) return token;
      const integer = BigInt(token);
      if (BigInt(Number(token)) === integer && Number.isSafeInteger(Number(token))) return token;
      integers.push(integer);
      return `"${mark}${integers.length - 1}"`;
    }),
  );
  return JSON.parse(marked, (_, inner: unknown) =>
    typeof inner === 'string' && inner.startsWith(mark) ? integers[Number(inner.slice(mark.length))] : inner,
  ) as JsonValue;
}

/** Changes the parts of a JSON text that are in no string. A pattern for strings runs out of stack on a long one. */
function outsideStrings(text: string, change: (part: string) => string): string {
  const parts: string[] = [];
  let at = 0;
  for (let open = text.indexOf('"'); open >= 0; open = text.indexOf('"', at)) {
    const end = stringEnd(text, open);
    parts.push(change(text.slice(at, open)), text.slice(open, end));
    at = end;
  }
  parts.push(change(text.slice(at)));
  return parts.join('');
}

/** Where the string that begins at `open` ends: behind its closing quote. */
function stringEnd(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); ; close = text.indexOf('"', close + 1)) {
    let backslashes = 0;
    while (text[close - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return close + 1;
  }
}
