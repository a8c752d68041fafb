import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import type { JsonSchema } from './manifest.ts';
import { hasType, propertiesOf, resolve, type SchemaLookup, typesOf, variantsOf } from './schema-view.ts';

/** A schema with what it is made of: all of `allOf`, the first of `oneOf` and `anyOf`. */
export function partsOf(schema: JsonSchema, lookup: SchemaLookup): JsonSchema[] {
  const first = (['oneOf', 'anyOf'] as const).flatMap((keyword) =>
    variantsOf(schema, keyword, lookup).slice(0, 1),
  );
  const parts = [...variantsOf(schema, 'allOf', lookup), ...first];
  return [schema, ...parts.flatMap((part) => partsOf(part, lookup))];
}

/** A value that fits a schema: the document's own example where it fits, else one made from the type. */
export function exampleOf(schema: JsonSchema, lookup: SchemaLookup, depth = 0): JsonValue {
  const resolved = resolve(schema, lookup);
  const { const: constant, enum: values, default: standard, example, examples } = resolved;
  if (constant !== undefined) return constant;
  for (const candidate of [example, Array.isArray(examples) ? examples[0] : undefined, standard]) {
    if (candidate !== undefined && candidate !== null && fits(resolved, candidate)) return candidate;
  }
  if (Array.isArray(values)) return values.find((value) => value !== null) ?? null;
  for (const keyword of ['oneOf', 'anyOf'] as const) {
    const [first] = variantsOf(resolved, keyword, lookup).filter(
      (variant) => !typesOf(variant).includes('null'),
    );
    if (first !== undefined) return exampleOf(first, lookup, depth + 1);
  }
  return madeUp(resolved, lookup, depth);
}

/** A shallow look: examples in documents are wrong in their type, if they are wrong. */
function fits(schema: JsonSchema, value: JsonValue): boolean {
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => hasType(value, type))) return false;
  const values = schema['enum'];
  if (Array.isArray(values) && !values.includes(value)) return false;
  if (Array.isArray(value)) {
    const items = schema['items'];
    return !isJsonObject(items) || value.every((item) => fits(items, item));
  }
  return true;
}

function madeUp(schema: JsonSchema, lookup: SchemaLookup, depth: number): JsonValue {
  const type =
    typesOf(schema).find((name) => name !== 'null') ??
    (schema['properties'] === undefined ? 'string' : 'object');
  switch (type) {
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'boolean':
      return true;
    case 'array':
      return isJsonObject(schema['items']) && depth < 6
        ? [exampleOf(schema['items'], lookup, depth + 1)]
        : [];
    case 'object':
      return madeUpObject(schema, lookup, depth);
    default:
      return exampleText(schema['format']);
  }
}

function madeUpObject(schema: JsonSchema, lookup: SchemaLookup, depth: number): JsonObject {
  const object: JsonObject = {};
  for (const part of partsOf(schema, lookup)) {
    const required = Array.isArray(part['required']) ? part['required'] : [];
    for (const [name, property] of Object.entries(propertiesOf(part))) {
      if (required.includes(name) && isJsonObject(property) && depth < 6)
        object[name] = exampleOf(property, lookup, depth + 1);
    }
  }
  return object;
}

function exampleText(format: JsonValue | undefined): string {
  switch (format) {
    case 'date-time':
      return '2026-01-15T12:00:00.000Z';
    case 'date':
      return '2026-01-15';
    case 'email':
      return 'ann@example.com';
    case 'uri':
    case 'url':
      return 'https://example.com/';
    case 'uuid':
      return '884793cd-bef4-46cf-8790-e3d4957a09ce';
    default:
      return 'text';
  }
}
