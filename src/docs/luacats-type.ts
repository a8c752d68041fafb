import { type JsonSchema, resolve, type SchemaLookup, typesOf, variantsOf } from '../manifest/index.ts';
import { isJsonObject, type JsonValue } from '../support/json.ts';
import { firstSentence } from './prose.ts';

/** How a type is written. */
export interface Manner {
  readonly lookup: SchemaLookup;
  /** The class of a schema that its document names. */
  readonly nameOf: (schema: string) => string;
  /** Null is given as `json.null`, and comes back as nil. */
  readonly direction: 'given' | 'returned';
}

/** A schema as a type of LuaCATS, the annotations that lua-language-server reads. */
export function luaType(schema: JsonSchema, manner: Manner, depth = 0): string {
  const { $ref: reference, const: constant, enum: values } = schema;
  if (typeof reference === 'string') {
    const target = resolve(schema, manner.lookup);
    return isObject(target)
      ? manner.nameOf(reference.slice('#/schemas/'.length))
      : luaType(target, manner, depth);
  }
  if (constant !== undefined) return literal(constant, manner);
  if (Array.isArray(values)) return union(values.map((value) => literal(value, manner)));
  const variants = (['oneOf', 'anyOf'] as const).flatMap((keyword) => {
    const entries = schema[keyword];
    return Array.isArray(entries) ? entries.filter(isJsonObject) : [];
  });
  if (variants.length > 0) return union(variants.map((variant) => luaType(variant, manner, depth)));
  const types = typesOf(schema);
  if (types.length === 0) return isObject(schema) ? 'table' : 'any';
  return union(types.map((type) => plainType(type, schema, manner, depth)));
}

/** Whether a schema is a table with named fields, which a class can have. */
export function isObject(schema: JsonSchema): boolean {
  return isJsonObject(schema['properties']) || Array.isArray(schema['allOf']);
}

function plainType(type: string, schema: JsonSchema, manner: Manner, depth: number): string {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'integer':
    case 'number':
      return type;
    case 'null':
      return nothing(manner);
    case 'array': {
      const { items } = schema;
      return isJsonObject(items) ? `${grouped(luaType(items, manner, depth + 1))}[]` : 'any[]';
    }
    case 'object':
      return tableType(schema, manner, depth);
    default:
      return 'any';
  }
}

function tableType(schema: JsonSchema, manner: Manner, depth: number): string {
  const { properties, required, additionalProperties } = schema;
  const known = Object.entries(isJsonObject(properties) ? properties : {});
  if (known.length === 0 || depth > 3) {
    return isJsonObject(additionalProperties)
      ? `table<string, ${luaType(additionalProperties, manner, depth + 1)}>`
      : 'table';
  }
  const needed = Array.isArray(required) ? required : [];
  const fields = known.map(([name, property]) => {
    const type = luaType(isJsonObject(property) ? property : {}, manner, depth + 1);
    return `${key(name)}${needed.includes(name) ? '' : '?'}: ${type}`;
  });
  return `{ ${fields.join(', ')} }`;
}

function literal(value: JsonValue, manner: Manner): string {
  if (value === null) return nothing(manner);
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'object' ? 'table' : String(value);
}

function nothing({ direction }: Manner): string {
  return direction === 'given' ? 'json.null' : 'nil';
}

/** One of several types. */
export function union(types: readonly string[]): string {
  const different = [...new Set(types)];
  return different.includes('any') ? 'any' : different.join('|') || 'any';
}

function grouped(type: string): string {
  return type.includes('|') ? `(${type})` : type;
}

function key(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `[${JSON.stringify(name)}]`;
}

/** A field of a class, on a line of its own. */
export function fieldLine(name: string, required: boolean, type: string, description: string): string {
  const words = firstSentence(description).replace(/\s+/g, ' ').trim();
  return `---@field ${key(name)}${required ? '' : '?'} ${type}${words === '' ? '' : ` ${words}`}`;
}

/** All that an object is made of by `allOf`, and its own fields. */
export function fieldsOf(schema: JsonSchema, lookup: SchemaLookup): [string, JsonSchema, boolean][] {
  const resolved = resolve(schema, lookup);
  const { properties, required } = resolved;
  const needed = Array.isArray(required) ? required : [];
  const own = Object.entries(isJsonObject(properties) ? properties : {}).map(
    ([name, property]): [string, JsonSchema, boolean] => [
      name,
      isJsonObject(property) ? property : {},
      needed.includes(name),
    ],
  );
  const all = [...own, ...variantsOf(resolved, 'allOf', lookup).flatMap((part) => fieldsOf(part, lookup))];
  return all.filter(([name], at) => all.findIndex(([other]) => other === name) === at);
}
