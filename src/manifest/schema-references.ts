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

/** `#/schemas/Organization` → `Organization`. */
export function schemaNameOf(reference: string): string {
  return reference.slice(namedPrefix.length);
}
