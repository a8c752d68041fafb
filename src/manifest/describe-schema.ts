import { isJsonObject, type JsonValue, stringifyJson } from '../support/json.ts';
import type { JsonSchema } from './manifest.ts';
import { resolve, type SchemaLookup, typesOf, variantsOf } from './schema-view.ts';

/** What a schema wants, in words: `an integer from 1 to 100`, `one of "asc", "desc"`, `a list of strings`. */
export function describeSchema(schema: JsonSchema, lookup: SchemaLookup, depth = 0): string {
  const { const: constant, enum: values } = schema;
  if (constant !== undefined) return stringifyJson(constant);
  if (Array.isArray(values)) return oneOf(values.map((value) => stringifyJson(value)));
  const variants = [...variantsOf(schema, 'oneOf', lookup), ...variantsOf(schema, 'anyOf', lookup)];
  if (variants.length > 0 && depth < 2) {
    return [...new Set(variants.map((variant) => describeSchema(variant, lookup, depth + 1)))].join(' or ');
  }
  const types = typesOf(schema);
  if (types.length === 0) return schema['properties'] === undefined ? 'a value' : 'an object';
  return types.map((type) => describeType(type, schema, lookup, depth)).join(' or ');
}

function describeType(type: string, schema: JsonSchema, lookup: SchemaLookup, depth: number): string {
  switch (type) {
    case 'integer':
      return `an integer${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'string':
      return `a string${length(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'array': {
      const items = resolve(schema['items'], lookup);
      const plain = depth === 0 && typesOf(items).length === 1 && items['enum'] === undefined;
      return plain ? `a list of ${typesOf(items)[0]}s` : 'a list';
    }
    default:
      return 'an object';
  }
}

function range(schema: JsonSchema): string {
  const { minimum, maximum } = schema;
  if (typeof minimum === 'number' && typeof maximum === 'number') return ` from ${minimum} to ${maximum}`;
  if (typeof minimum === 'number') return ` of at least ${minimum}`;
  return typeof maximum === 'number' ? ` of at most ${maximum}` : '';
}

function length(schema: JsonSchema): string {
  const { minLength, maxLength, format, pattern } = schema;
  const parts: string[] = [];
  if (typeof format === 'string') parts.push(` (${format})`);
  if (typeof minLength === 'number' && minLength > 0) parts.push(` of at least ${minLength} characters`);
  if (typeof maxLength === 'number') parts.push(` of at most ${maxLength} characters`);
  if (typeof pattern === 'string') parts.push(` that matches ${pattern}`);
  return parts.join('');
}

/** How many values of a choice are told; a longer list helps nobody. */
const told = 50;

function oneOf(values: readonly string[]): string {
  if (values.length === 1) return values[0] ?? '';
  const more = values.length > told ? ` and ${values.length - told} more` : '';
  return `one of ${values.slice(0, told).join(', ')}${more}`;
}

/** A value that was given, in a few words; long ones are cut. */
export function describeValue(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (isJsonObject(value)) return Object.keys(value).length === 0 ? 'an empty table' : 'a table';
  const text = stringifyJson(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
