import {
  type JsonSchema,
  propertiesOf,
  resolve,
  type SchemaLookup,
  typesOf,
  variantsOf,
} from '../manifest/index.ts';
import { isJsonObject, stringifyJson } from '../support/json.ts';

/** A schema's type in as few words as a table's cell has room for: `integer 1–100`, `list of string`, `"a" or "b"`. */
export function typeWords(schema: JsonSchema, lookup: SchemaLookup, depth = 0): string {
  const resolved = resolve(schema, lookup);
  const { const: constant, enum: values } = resolved;
  if (constant !== undefined) return `\`${stringifyJson(constant)}\``;
  if (Array.isArray(values)) return values.map((value) => `\`${stringifyJson(value)}\``).join(', ');
  const variants = (['oneOf', 'anyOf'] as const).flatMap((keyword) => variantsOf(resolved, keyword, lookup));
  if (variants.length > 0 && depth < 3) {
    return [...new Set(variants.map((variant) => typeWords(variant, lookup, depth + 1)))].join(' or ');
  }
  const types = typesOf(resolved);
  if (types.length === 0)
    return resolved['properties'] === undefined && resolved['allOf'] === undefined ? 'any' : 'object';
  return types.map((type) => oneType(type, resolved, lookup, depth)).join(' or ');
}

function oneType(type: string, schema: JsonSchema, lookup: SchemaLookup, depth: number): string {
  const { minimum, maximum, maxLength, format, items, additionalProperties } = schema;
  if (type === 'array')
    return isJsonObject(items) && depth < 3 ? `list of ${typeWords(items, lookup, depth + 1)}` : 'list';
  if (
    type === 'object' &&
    isJsonObject(additionalProperties) &&
    Object.keys(propertiesOf(schema)).length === 0
  ) {
    return `object of ${typeWords(additionalProperties, lookup, depth + 1)}`;
  }
  if (typeof minimum === 'number' && typeof maximum === 'number') return `${type} ${minimum}–${maximum}`;
  if (type === 'string' && typeof format === 'string') return `string (${format})`;
  if (type === 'string' && typeof maxLength === 'number') return `string, at most ${maxLength} characters`;
  return type;
}

/** A schema with everything it is made of by `allOf`. */
export function composed(schema: JsonSchema, lookup: SchemaLookup): JsonSchema[] {
  const resolved = resolve(schema, lookup);
  return [resolved, ...variantsOf(resolved, 'allOf', lookup).flatMap((part) => composed(part, lookup))];
}

/** The schema of a list's items, through any list of lists; null for anything else. */
export function itemsOf(schema: JsonSchema, lookup: SchemaLookup): JsonSchema | null {
  const items = resolve(schema, lookup)['items'];
  return isJsonObject(items) ? resolve(items, lookup) : null;
}

/** A property's description: its own, else that of the schema it refers to. */
export function descriptionOf(schema: JsonSchema, lookup: SchemaLookup): string {
  const own = schema['description'];
  if (typeof own === 'string') return own;
  const referred = resolve(schema, lookup)['description'];
  return typeof referred === 'string' ? referred : '';
}
