import type { Schema, SchemaLookup } from '../kit/validator.ts';

/**
 * A value that a schema accepts, with what it requires and nothing else. Good for the schemas of request bodies; a
 * test that needs another one says it itself.
 */
export function plainValue(schema: unknown, lookup: SchemaLookup): unknown {
  if (typeof schema !== 'object' || schema === null) return 'x';
  const known = schema as Schema;
  const plain = (inner: unknown) => plainValue(inner, lookup);
  if (typeof known.$ref === 'string') return plain(lookup(known.$ref.slice(known.$ref.lastIndexOf('/') + 1)));
  if (Object.hasOwn(known, 'const')) return known.const;
  if (Array.isArray(known.enum)) return known.enum[0];
  const parts: unknown[] = Array.isArray(known.allOf) ? known.allOf.map(plain) : [];
  const choice = [known.oneOf, known.anyOf].find((list) => Array.isArray(list))?.[0];
  if (choice !== undefined) parts.push(plain(choice));
  const type = Array.isArray(known.type) ? known.type[0] : known.type;
  if (type === 'array') return [plain(known.items)];
  if (type === 'integer' || type === 'number') return typeof known.minimum === 'number' ? known.minimum : 30;
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  if (type === 'string') return plainText(known);
  if (parts.length > 0 && parts.every((part) => typeof part !== 'object')) return parts[0];
  const properties = (known.properties ?? {}) as Record<string, unknown>;
  const required = Array.isArray(known.required) ? (known.required as string[]) : [];
  const own = required.map((name) => [name, plain(properties[name])]);
  return Object.assign({}, ...parts, Object.fromEntries(own));
}

function plainText({ format, example }: Schema): string {
  if (format === 'email') return 'somebody@plain.example';
  if (format === 'date-time') return '2026-06-01T12:00:00.000Z';
  if (format === 'uri') return 'https://plain.example/';
  return typeof example === 'string' ? example : 'plain';
}
