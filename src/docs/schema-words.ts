import {
  type JsonSchema,
  propertiesOf,
  resolve,
  type SchemaLookup,
  typesOf,
  variantsOf,
} from '../manifest/index.ts';
import { isJsonObject, stringifyJson } from '../support/json.ts';

/**
 * A schema's type in as few words as a table's cell has room for: `integer 1–100`, `list of string`, `"a" or "b"`.
 * @param mostValues how many of a list of values are named
 */
export function typeWords(
  schema: JsonSchema,
  lookup: SchemaLookup,
  mostValues = Number.POSITIVE_INFINITY,
): string {
  return words(schema, lookup, { depth: 0, mostValues });
}

interface Manner {
  readonly depth: number;
  readonly mostValues: number;
}

function words(schema: JsonSchema, lookup: SchemaLookup, manner: Manner): string {
  const { depth, mostValues } = manner;
  const resolved = resolve(schema, lookup);
  const { const: constant, enum: values } = resolved;
  if (constant !== undefined) return `\`${stringifyJson(constant)}\``;
  if (Array.isArray(values)) {
    const named = values.slice(0, mostValues).map((value) => `\`${stringifyJson(value)}\``);
    const more = values.length - named.length;
    return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
  }
  const variants = (['oneOf', 'anyOf'] as const).flatMap((keyword) => variantsOf(resolved, keyword, lookup));
  if (variants.length > 0 && depth < 3) {
    return [...new Set(variants.map((variant) => words(variant, lookup, deeper(manner))))].join(' or ');
  }
  const types = typesOf(resolved);
  if (types.length === 0)
    return resolved['properties'] === undefined && resolved['allOf'] === undefined ? 'any' : 'object';
  return types.map((type) => oneType(type, resolved, lookup, manner)).join(' or ');
}

function oneType(type: string, schema: JsonSchema, lookup: SchemaLookup, manner: Manner): string {
  const { minimum, maximum, maxLength, format, items, additionalProperties } = schema;
  if (type === 'array')
    return isJsonObject(items) && manner.depth < 3
      ? `list of ${words(items, lookup, deeper(manner))}`
      : 'list';
  if (
    type === 'object' &&
    isJsonObject(additionalProperties) &&
    Object.keys(propertiesOf(schema)).length === 0
  ) {
    return `object of ${words(additionalProperties, lookup, deeper(manner))}`;
  }
  if (typeof minimum === 'number' && typeof maximum === 'number') return `${type} ${minimum}–${maximum}`;
  if (type === 'string' && typeof format === 'string') return `string (${format})`;
  if (type === 'string' && typeof maxLength === 'number') return `string, at most ${maxLength} characters`;
  return type;
}

function deeper(manner: Manner): Manner {
  return { ...manner, depth: manner.depth + 1 };
}

/** A schema with everything it is made of by `allOf`. */
export function composed(schema: JsonSchema, lookup: SchemaLookup): JsonSchema[] {
  const resolved = resolve(schema, lookup);
  return [resolved, ...variantsOf(resolved, 'allOf', lookup).flatMap((part) => composed(part, lookup))];
}

/** The schema of a list's items; null for anything else. */
export function itemsOf(schema: JsonSchema, lookup: SchemaLookup): JsonSchema | null {
  const resolved = resolve(schema, lookup);
  const { items } = resolved;
  if (isJsonObject(items)) return resolve(items, lookup);
  // A list, or null.
  const [only, ...others] = (['oneOf', 'anyOf'] as const)
    .flatMap((keyword) => variantsOf(resolved, keyword, lookup))
    .filter((variant) => !typesOf(variant).includes('null'));
  return only === undefined || others.length > 0 ? null : itemsOf(only, lookup);
}

/** A property's description: its own, else that of the schema it refers to. */
export function descriptionOf(schema: JsonSchema, lookup: SchemaLookup): string {
  const own = schema['description'];
  if (typeof own === 'string') return own;
  const referred = resolve(schema, lookup)['description'];
  return typeof referred === 'string' ? referred : '';
}
