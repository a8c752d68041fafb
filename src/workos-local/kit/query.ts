import type { Parameter } from '../../manifest/manifest.ts';
import type { Schema, SchemaLookup } from './validator.ts';

/** What a query can hold once decoded, by parameter name. */
export type QueryValues = Record<string, unknown>;

/** Turns the text of a query into the values its parameters declare; what has no declaration is left out. */
export type QueryDecoder = (query: URLSearchParams) => QueryValues;

/**
 * Makes the decoder of an operation. A list may come as `a=1&a=2`, `a[]=1&a[]=2` or `a=1,2`: the official SDKs use
 * all three. An empty value counts as none. A value that does not read as its type stays text, so that validation
 * can name it.
 */
export function queryDecoder(parameters: readonly Parameter[], lookup: SchemaLookup): QueryDecoder {
  const readers = parameters.map((parameter) => readerOf(parameter, lookup));
  return (query) => {
    const values: QueryValues = {};
    for (const read of readers) read(query, values);
    return values;
  };
}

type Reader = (query: URLSearchParams, into: QueryValues) => void;

function readerOf({ name, schema, style }: Parameter, lookup: SchemaLookup): Reader {
  const resolved = resolve(schema, lookup);
  if (style === 'deepObject') return deepObjectReader(name);
  if (resolved.type === 'array') {
    const item = scalarDecoder(resolve(resolved.items, lookup));
    return (query, into) => {
      const texts = [...query.getAll(name), ...query.getAll(`${name}[]`)];
      const parts = texts.flatMap((text) => text.split(',')).filter((text) => text !== '');
      if (parts.length > 0) into[name] = parts.map(item);
    };
  }
  const scalar = scalarDecoder(resolved);
  return (query, into) => {
    const text = query.get(name);
    if (text !== null && text !== '') into[name] = scalar(text);
  };
}

/** `name[key]=value`, one pair for each key. */
function deepObjectReader(name: string): Reader {
  return (query, into) => {
    const pairs: [string, string][] = [];
    for (const [key, value] of query) {
      if (key.startsWith(`${name}[`) && key.endsWith(']'))
        pairs.push([key.slice(name.length + 1, -1), value]);
    }
    if (pairs.length > 0) into[name] = Object.fromEntries(pairs);
  };
}

function scalarDecoder(schema: Schema): (text: string) => unknown {
  const { type } = schema;
  if (type === 'integer' || type === 'number') {
    return (text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);
  }
  if (type === 'boolean') return (text) => (text === 'true' ? true : text === 'false' ? false : text);
  return (text) => text;
}

function resolve(schema: unknown, lookup: SchemaLookup): Schema {
  if (typeof schema !== 'object' || schema === null) return {};
  const known = schema as Schema;
  const reference = known.$ref;
  if (typeof reference !== 'string') return known;
  return lookup(reference.slice(reference.lastIndexOf('/') + 1));
}
