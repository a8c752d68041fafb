import { isJsonObject, type JsonValue } from '../support/json.ts';
import type { JsonSchema } from './manifest.ts';

/** Looks up the named schemas that `#/schemas/NAME` refers to. */
export type SchemaLookup = (name: string) => JsonSchema | undefined;

/** Follows `$ref` to the schema it names; a reference to nothing takes anything. */
export function resolve(schema: JsonValue | undefined, lookup: SchemaLookup): JsonSchema {
  let current: JsonValue | undefined = schema;
  for (let depth = 0; depth < 100; depth++) {
    if (!isJsonObject(current)) return {};
    const reference = current['$ref'];
    if (typeof reference !== 'string') return current;
    current = lookup(reference.slice('#/schemas/'.length));
  }
  return {};
}

/** The schemas under a keyword such as `oneOf`, resolved. */
export function variantsOf(
  schema: JsonSchema,
  keyword: 'oneOf' | 'anyOf' | 'allOf',
  lookup: SchemaLookup,
): JsonSchema[] {
  const variants = schema[keyword];
  return Array.isArray(variants) ? variants.map((variant) => resolve(variant, lookup)) : [];
}

/** The types a schema names; empty when it names none. */
export function typesOf(schema: JsonSchema): string[] {
  const type = schema['type'];
  if (typeof type === 'string') return [type];
  return Array.isArray(type) ? type.filter((entry) => typeof entry === 'string') : [];
}

export function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonValue>> {
  const properties = schema['properties'];
  return isJsonObject(properties) ? properties : {};
}

/**
 * The variants of a `oneOf` or `anyOf` that an object may mean: those whose constant properties it does not
 * contradict (`grant_type: "password"` rules out the other grants), or all when that rules out every one.
 */
export function fittingVariants(
  variants: readonly JsonSchema[],
  value: JsonValue,
  lookup: SchemaLookup,
): readonly JsonSchema[] {
  const fitting = variants.filter((variant) => !contradicts(variant, value, lookup));
  return fitting.length === 0 ? variants : fitting;
}

function contradicts(variant: JsonSchema, value: JsonValue, lookup: SchemaLookup): boolean {
  const types = typesOf(variant);
  if (types.length > 0 && !types.some((type) => hasType(value, type))) return true;
  if (!isJsonObject(value)) return false;
  return Object.entries(propertiesOf(variant)).some(([name, property]) => {
    if (!Object.hasOwn(value, name)) return false;
    const constant = resolve(property, lookup)['const'];
    return constant !== undefined && constant !== value[name];
  });
}

/** Whether a value is of a JSON Schema type. */
export function hasType(value: JsonValue, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJsonObject(value);
    case 'integer':
      return typeof value === 'bigint' || Number.isInteger(value);
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint';
    default:
      return typeof value === type;
  }
}
