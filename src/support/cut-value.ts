import { isJsonObject, type JsonObject, type JsonValue, stringifyJson } from './json.ts';

/** What stands where something was left out of a list or an object. */
export const cutMark = '$cut';

/** Room for a mark itself, in bytes. */
const markBytes = 400;

/**
 * A value cut down to a number of bytes of JSON, at the borders of values: the first items of a list, the first
 * characters of a text, what is small of an object. Where something is left out stands an object
 * `{ "$cut": { left_out, of, shape } }`; a text ends with the number of characters left out.
 */
export function cutValue(value: JsonValue, bytes: number): JsonValue {
  if (sizeOf(value) <= bytes) return value;
  if (typeof value === 'string') return cutText(value, bytes);
  if (Array.isArray(value)) return cutList(value, bytes);
  return isJsonObject(value) ? cutObject(value, bytes) : value;
}

function cutText(text: string, bytes: number): string {
  // A character of JSON may take six bytes; halving comes close enough to what fits.
  let length = text.length;
  const note = () => `… (${text.length - length} more characters)`;
  while (length > 0 && sizeOf(text.slice(0, length)) > bytes - 40) length = Math.floor(length / 2);
  // Never half of a surrogate pair.
  if (length > 0 && /[\ud800-\udbff]/.test(text[length - 1] ?? '')) length -= 1;
  return text.slice(0, length) + note();
}

function cutList(list: readonly JsonValue[], bytes: number): JsonValue[] {
  const kept: JsonValue[] = [];
  let rest = bytes - markBytes;
  for (const item of list) {
    const size = sizeOf(item) + 1;
    if (size > rest) break;
    kept.push(item);
    rest -= size;
  }
  const [first] = list;
  // Of a list whose first item is too large by itself, a part of that item is better than nothing.
  if (kept.length === 0 && first !== undefined && rest > markBytes) kept.push(cutValue(first, rest));
  const left = list.length - kept.length;
  return left === 0 ? kept : [...kept, mark(left, list.length, shapeOf(list[kept.length] ?? null))];
}

function cutObject(object: JsonObject, bytes: number): JsonObject {
  const sizes = Object.entries(object).map(([name, inner]) => ({ name, inner, size: sizeOf(inner) }));
  const names = sizes.reduce((sum, { name }) => sum + sizeOf(name) + 2, 0);
  if (names + sizes.length * 4 + markBytes > bytes) return cutProperties(object, bytes);
  // What is small stays; the large ones share what is left.
  const bySize = [...sizes].sort((a, b) => a.size - b.size);
  let rest = bytes - names - 2;
  const budgets = new Map<string, number>();
  bySize.forEach(({ name, size }, index) => {
    const share = Math.floor(rest / (bySize.length - index));
    budgets.set(name, Math.min(size, share));
    rest -= Math.min(size, share);
  });
  return Object.fromEntries(sizes.map(({ name, inner }) => [name, cutValue(inner, budgets.get(name) ?? 0)]));
}

/** An object of so many properties that their names alone are too much. */
function cutProperties(object: JsonObject, bytes: number): JsonObject {
  const entries = Object.entries(object);
  const kept: [string, JsonValue][] = [];
  let rest = bytes - markBytes;
  for (const [name, inner] of entries) {
    const size = sizeOf(name) + sizeOf(inner) + 2;
    if (size > rest) break;
    kept.push([name, inner]);
    rest -= size;
  }
  const left = entries.length - kept.length;
  return {
    ...Object.fromEntries(kept),
    ...mark(left, entries.length, shapeOf(entries[kept.length]?.[1] ?? null)),
  };
}

function mark(leftOut: number, of: number, shape: JsonValue): JsonObject {
  return {
    [cutMark]: { left_out: leftOut, of, shape: sizeOf(shape) > markBytes / 2 ? typeName(shape) : shape },
  };
}

/** What a value looks like: names and types, no values; of a list, what its first item looks like. */
export function shapeOf(value: JsonValue, depth = 0): JsonValue {
  if (Array.isArray(value))
    return value.length === 0 || depth > 2 ? 'list' : [shapeOf(value[0] ?? null, depth + 1)];
  if (!isJsonObject(value)) return typeName(value);
  if (depth > 2) return 'object';
  const entries = Object.entries(value);
  const shown = entries
    .slice(0, 20)
    .map(([name, inner]): [string, JsonValue] => [name, shapeOf(inner, depth + 1)]);
  const more = entries.length - shown.length;
  return { ...Object.fromEntries(shown), ...(more > 0 ? { '…': `${more} more` } : {}) };
}

function typeName(value: JsonValue): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

function sizeOf(value: JsonValue): number {
  return Buffer.byteLength(stringifyJson(value));
}
