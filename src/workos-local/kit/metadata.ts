import { badRequest } from './errors.ts';

/** Key and value pairs an application keeps on an object. */
export type Metadata = Record<string, string>;

const mostPairs = 10;
const longestKey = 40;
const longestValue = 600;

/**
 * What metadata becomes by an update: pairs are merged in, a null removes its key, an empty object or null removes
 * all.
 *
 * @throws ApiError 400 `invalid_metadata` past WorkOS's limits: 10 pairs, keys of 40 and values of 600 ASCII characters
 */
export function mergeMetadata(
  current: Metadata,
  update: Readonly<Record<string, string | null>> | null | undefined,
): Metadata {
  if (update === undefined) return current;
  const changes = Object.entries(update ?? {});
  if (changes.length === 0) return {};
  const merged = new Map(Object.entries(current));
  for (const [key, value] of changes) {
    if (value === null) {
      merged.delete(key);
      continue;
    }
    if (!isAscii(key) || key.length > longestKey)
      throw invalid(`keys have up to ${longestKey} ASCII characters`);
    if (!isAscii(value) || value.length > longestValue) {
      throw invalid(`values have up to ${longestValue} ASCII characters`);
    }
    merged.set(key, value);
  }
  if (merged.size > mostPairs) throw invalid(`an object has up to ${mostPairs} pairs`);
  return Object.fromEntries(merged);
}

export function parseMetadata(text: string): Metadata {
  // Written by this server from a checked value.
  return text === '{}' ? {} : (JSON.parse(text) as Metadata);
}

function isAscii(text: string): boolean {
  for (let position = 0; position < text.length; position += 1) {
    if (text.charCodeAt(position) > 127) return false;
  }
  return true;
}

function invalid(rule: string) {
  return badRequest('invalid_metadata', `Metadata is out of bounds: ${rule}.`);
}
