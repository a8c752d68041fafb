import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { withinTime } from '../support/time-budget.ts';
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
  const scalar = scalarPart(resolved, lookup);
  return scalar === null ? madeUp(resolved, lookup, depth) : exampleOf(scalar, lookup, depth + 1);
}

/** The part of an `allOf` that says what the value is, where that is no object: a named list of values, described anew. */
function scalarPart(schema: JsonSchema, lookup: SchemaLookup): JsonSchema | null {
  if (typesOf(schema).length > 0 || schema['properties'] !== undefined) return null;
  const parts = variantsOf(schema, 'allOf', lookup);
  const telling = parts.find((part) => part['enum'] !== undefined || part['const'] !== undefined);
  const typed = parts.find((part) => typesOf(part).some((type) => type !== 'object' && type !== 'null'));
  return telling ?? typed ?? null;
}

/** A shallow look: examples in documents are wrong in their type, if they are wrong. */
function fits(schema: JsonSchema, value: JsonValue): boolean {
  const types = typesOf(schema);
  if (types.length > 0 && !types.some((type) => hasType(value, type))) return false;
  const values = schema['enum'];
  if (Array.isArray(values) && !values.includes(value)) return false;
  if (typeof value === 'string' && !textFits(schema, value)) return false;
  if (Array.isArray(value)) {
    const { items, minItems } = schema;
    if (typeof minItems === 'number' && value.length < minItems) return false;
    return !isJsonObject(items) || value.every((item) => fits(items, item));
  }
  return true;
}

function textFits({ format, minLength, maxLength, pattern }: JsonSchema, text: string): boolean {
  if (format === 'uuid' && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return false;
  if (format === 'date-time' && !/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/i.test(text))
    return false;
  if (format === 'uri' && !URL.canParse(text)) return false;
  if (format === 'date' && !/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  if (typeof minLength === 'number' && text.length < minLength) return false;
  if (typeof maxLength === 'number' && text.length > maxLength) return false;
  return typeof pattern !== 'string' || (withinTime(100, () => new RegExp(pattern, 'u').test(text)) ?? true);
}

function madeUp(schema: JsonSchema, lookup: SchemaLookup, depth: number): JsonValue {
  const type =
    typesOf(schema).find((name) => name !== 'null') ??
    (partsOf(schema, lookup).some((part) => part['properties'] !== undefined) ? 'object' : 'string');
  switch (type) {
    case 'integer':
    case 'number':
      return exampleNumber(schema);
    case 'boolean':
      return true;
    case 'array':
      return isJsonObject(schema['items']) && depth < 6
        ? exampleList(schema, schema['items'], lookup, depth)
        : [];
    case 'object':
      return madeUpObject(schema, lookup, depth);
    default:
      return fittedText(exampleText(schema['format']), schema);
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

function exampleNumber({ minimum, exclusiveMinimum, maximum, multipleOf }: JsonSchema): number {
  if (typeof minimum === 'number') return minimum;
  if (typeof exclusiveMinimum === 'number') return exclusiveMinimum + 1;
  if (typeof multipleOf === 'number') return multipleOf;
  return typeof maximum === 'number' ? Math.min(maximum, 1) : 1;
}

function exampleList(
  schema: JsonSchema,
  items: JsonSchema,
  lookup: SchemaLookup,
  depth: number,
): JsonValue[] {
  const least = typeof schema['minItems'] === 'number' ? Math.min(schema['minItems'], 20) : 1;
  return Array.from({ length: Math.max(1, least) }, () => exampleOf(items, lookup, depth + 1));
}

/** A text of the length that is asked for. */
function fittedText(text: string, { minLength, maxLength }: JsonSchema): string {
  const long = typeof minLength === 'number' && text.length < minLength ? text.padEnd(minLength, 'x') : text;
  return typeof maxLength === 'number' ? long.slice(0, maxLength) : long;
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
