import { lookUp } from '../spec/references.ts';
import { KosmoError } from '../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import type { JsonSchema } from './manifest.ts';

const schemaReference = '#/components/schemas/';

/**
 * A schema as the manifest keeps it: references to named schemas become `#/schemas/NAME`, references to any other
 * place of the document are put in, and vendor extensions are left out.
 */
export function compileSchema(
  document: JsonObject,
  schema: JsonValue | undefined,
  where: string,
): JsonSchema {
  const compiled = compileValue(document, schema ?? {}, where, []);
  if (isJsonObject(compiled)) return compiled;
  // A boolean schema: true takes anything, false nothing.
  return compiled === false ? { not: {} } : {};
}

function compileValue(
  document: JsonObject,
  value: JsonValue,
  where: string,
  open: readonly string[],
): JsonValue {
  if (Array.isArray(value)) return value.map((item) => compileValue(document, item, where, open));
  if (!isJsonObject(value)) return value;
  const reference = value['$ref'];
  if (typeof reference === 'string') return compileReference(document, value, reference, where, open);
  const result: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key.startsWith('x-')) continue;
    result[key] = literalKeywords.has(key) ? inner : compileValue(document, inner, where, open);
  }
  return result;
}

/** Keywords whose value is data, not a schema: a `$ref` in an example is no reference. */
const literalKeywords = new Set(['example', 'examples', 'default', 'const', 'enum']);

function compileReference(
  document: JsonObject,
  value: JsonObject,
  reference: string,
  where: string,
  open: readonly string[],
): JsonValue {
  const target = lookUp(document, reference);
  if (target === undefined)
    throw new KosmoError('document_invalid', `${where}: ${reference} refers to nothing.`);
  if (reference.startsWith(schemaReference)) {
    const description = value['description'];
    const pointer = { $ref: `#/schemas/${reference.slice(schemaReference.length)}` };
    return typeof description === 'string' ? { ...pointer, description } : pointer;
  }
  if (open.includes(reference))
    throw new KosmoError('document_invalid', `${where}: ${reference} contains itself.`);
  return compileValue(document, target, where, [...open, reference]);
}

/** Every `#/schemas/NAME` inside a schema, each once, not following them. */
export function referencedSchemas(schema: JsonValue, found = new Set<string>()): Set<string> {
  if (Array.isArray(schema)) {
    for (const item of schema) referencedSchemas(item, found);
  } else if (isJsonObject(schema)) {
    for (const [key, value] of Object.entries(schema)) {
      if (key === '$ref' && typeof value === 'string') found.add(schemaNameOf(value));
      else if (!literalKeywords.has(key)) referencedSchemas(value, found);
    }
  }
  return found;
}

/** `#/schemas/Organization` → `Organization`. */
export function schemaNameOf(reference: string): string {
  return reference.slice('#/schemas/'.length);
}
