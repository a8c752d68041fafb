import { isJsonObject, type JsonValue } from '../support/json.ts';
import { listKeywords, mapKeywords, schemaKeywords } from './schema-keywords.ts';

/** How a manifest's schemas refer to a named one. */
export const namedPrefix = '#/schemas/';

/** Every `#/schemas/NAME` inside a schema, each once, not following them. */
export function referencedSchemas(schema: JsonValue, found = new Set<string>()): Set<string> {
  if (!isJsonObject(schema)) return found;
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$ref' && typeof value === 'string') found.add(schemaNameOf(value));
    else if (mapKeywords.has(key) && isJsonObject(value))
      for (const inner of Object.values(value)) referencedSchemas(inner, found);
    else if (listKeywords.has(key) && Array.isArray(value))
      for (const inner of value) referencedSchemas(inner, found);
    else if (schemaKeywords.has(key)) referencedSchemas(value, found);
  }
  return found;
}

/**
 * Names, and those they lead to, directly or through another.
 * @param further what a name leads to
 */
export function reachedNames(
  first: Iterable<string>,
  further: (name: string) => Iterable<string>,
): Set<string> {
  const found = new Set<string>();
  const queue = [...first];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    queue.push(...further(name));
  }
  return found;
}

/** `#/schemas/Organization` → `Organization`. */
export function schemaNameOf(reference: string): string {
  return reference.slice(namedPrefix.length);
}
