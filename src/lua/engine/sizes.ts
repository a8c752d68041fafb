import type { JsonValue } from '../../support/json.ts';

// What JavaScript needs, in bytes: V8's own objects on a 64-bit machine, rounded. A table that is read grows as it is
// read, and has room for sixteen values from the first one on.
export const sizes = {
  scalar: 8,
  string: 16,
  list: 48,
  object: 56,
  field: 40,
  entry: 56,
  table: 176,
} as const;

const [quote, comma, colon, openList, openObject] = [0x22, 0x2c, 0x3a, 0x5b, 0x7b];

/** Up to how many characters a text is small enough not to be counted one by one. */
const small = 16 * 1024;

/** About how much the value of a JSON text takes. Characters inside strings count as if they were outside. */
export function parsedSize(text: string): number {
  if (text.length <= small) return text.length * 8;
  let size = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === quote || unit === comma) size += 8;
    else if (unit === colon) size += 24;
    else if (unit === openList) size += sizes.list;
    else if (unit === openObject) size += sizes.object;
  }
  return size;
}

/** About how much a value takes. */
export function valueSize(value: JsonValue): number {
  if (typeof value === 'string') return sizes.string + value.length;
  if (typeof value !== 'object' || value === null) return sizes.scalar;
  let size = 0;
  if (Array.isArray(value)) {
    for (const item of value) size += valueSize(item);
    return size + sizes.list;
  }
  for (const key in value) size += sizes.field + key.length + valueSize(value[key] ?? null);
  return size + sizes.object;
}

/** How long a value's JSON text is without blanks: at least that long, escapes and all. */
export function jsonLength(value: JsonValue): number {
  if (typeof value === 'string') return stringLength(value);
  if (typeof value !== 'object' || value === null) return String(value).length;
  let length = 2;
  if (Array.isArray(value)) {
    for (const item of value) length += jsonLength(item) + 1;
    return length;
  }
  for (const key in value) length += stringLength(key) + jsonLength(value[key] ?? null) + 2;
  return length;
}

function stringLength(text: string): number {
  let length = text.length + 2;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20) length += 5;
    else if (unit === quote || unit === 0x5c) length += 1;
  }
  return length;
}
