import { type JsonSchema, resolve, type SchemaLookup, typesOf, variantsOf } from '../../manifest/index.ts';
import { isJsonObject, type JsonValue } from '../../support/json.ts';
import { parseJson } from '../../support/parse-json.ts';

/**
 * The value that a text of the command line stands for where the schema stands. What cannot be read as the schema
 * wants it stays text: checking the arguments says what is wrong with it.
 */
export function coerce(text: string, schema: JsonSchema, lookup: SchemaLookup): JsonValue {
  const types = typesIn(schema, lookup);
  const parsed = /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  if (parsed !== undefined && (types.size === 0 || types.has(Array.isArray(parsed) ? 'array' : 'object')))
    return parsed;
  // A schema that says nothing of types takes what the text says by itself.
  if (types.size === 0) return orText(parseJson(text), text);
  if (types.has('string')) return text;
  if ((types.has('integer') || types.has('number')) && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text))
    return orText(parseJson(text), text);
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  if (types.has('null') && text === 'null') return null;
  if (types.has('array')) return [coerce(text, itemsIn(schema, lookup), lookup)];
  return text;
}

function orText(value: JsonValue | undefined, text: string): JsonValue {
  return value === undefined ? text : value;
}

/** As `coerce`, of an option that was given several times; null when the schema has no room for several values. */
export function coerceAll(
  texts: readonly string[],
  schema: JsonSchema,
  lookup: SchemaLookup,
): JsonValue | null {
  const [first = ''] = texts;
  if (texts.length === 1) return coerce(first, schema, lookup);
  if (!typesIn(schema, lookup).has('array')) return null;
  return texts.map((text) => coerce(text, itemsIn(schema, lookup), lookup));
}

/** The types a value may have by a schema, through everything it is made of; none when it does not say. */
export function typesIn(schema: JsonSchema, lookup: SchemaLookup, found = new Set<string>()): Set<string> {
  const resolved = resolve(schema, lookup);
  for (const type of typesOf(resolved)) found.add(type);
  const { const: constant, enum: values } = resolved;
  for (const value of [
    ...(constant === undefined ? [] : [constant]),
    ...(Array.isArray(values) ? values : []),
  ])
    found.add(value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
  if (resolved['properties'] !== undefined) found.add('object');
  for (const keyword of ['allOf', 'oneOf', 'anyOf'] as const)
    for (const part of variantsOf(resolved, keyword, lookup)) typesIn(part, lookup, found);
  return found;
}

/** The schema of a list's items, from whichever variant is a list. */
export function itemsIn(schema: JsonSchema, lookup: SchemaLookup): JsonSchema {
  const resolved = resolve(schema, lookup);
  if (isJsonObject(resolved['items'])) return resolved['items'];
  for (const keyword of ['allOf', 'oneOf', 'anyOf'] as const) {
    for (const part of variantsOf(resolved, keyword, lookup)) {
      const items = itemsIn(part, lookup);
      if (Object.keys(items).length > 0) return items;
    }
  }
  return {};
}
