import { randomUUID } from 'node:crypto';

/**
 * A JSON value inside kosmo. An integer that a double cannot hold exactly is a bigint, so that no digit is lost.
 */
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject;
export interface JsonObject {
  [key: string]: JsonValue;
}

/** Whether a value is a JSON object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const bigintMark = `bigint:${randomUUID()}:`;
const markedBigint = new RegExp(`"${bigintMark}(-?\\d+)"`, 'g');

/** JSON text of a value; a bigint is written with all its digits. */
export function stringifyJson(value: unknown, indent?: number): string {
  let marked = false;
  const text = JSON.stringify(
    value,
    (_, inner: unknown) => {
      if (typeof inner !== 'bigint') return inner;
      marked = true;
      return `${bigintMark}${inner}`;
    },
    indent,
  );
  return marked ? text.replace(markedBigint, '$1') : text;
}
