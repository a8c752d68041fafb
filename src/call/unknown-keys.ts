import { didYouMean, nearestNames } from '../catalog/index.ts';
import type { JsonSchema } from '../manifest/index.ts';
import { propertiesOf, resolve, type SchemaLookup, variantsOf } from '../manifest/index.ts';
import { isJsonObject, type JsonValue } from '../support/json.ts';
import { childPath, type Issue } from './issue.ts';

/**
 * Names in a value that its schema does not know. Documents seldom forbid them, yet an API ignores them in silence,
 * which is how a misspelt argument goes unnoticed. An object that is open by its schema may hold anything.
 */
export function unknownKeys(
  schemas: readonly JsonSchema[],
  value: JsonValue,
  path: string,
  lookup: SchemaLookup,
): Issue[] {
  const alternatives = schemas.flatMap((schema) => flatten(schema, lookup, 0));
  if (Array.isArray(value)) {
    const items = alternatives.map((schema) => schema['items']).filter(isJsonObject);
    if (items.length === 0) return [];
    return value.flatMap((item, index) => unknownKeys(items, item, childPath(path, index), lookup));
  }
  if (!isJsonObject(value) || alternatives.some(isOpen)) return [];
  const known = new Map<string, JsonSchema[]>();
  for (const schema of alternatives) {
    for (const [name, property] of Object.entries(propertiesOf(schema))) {
      if (isJsonObject(property)) known.set(name, [...(known.get(name) ?? []), property]);
    }
  }
  if (known.size === 0) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const properties = known.get(name);
    const place = childPath(path, name);
    return properties === undefined
      ? [unknownKey(place, name, [...known.keys()])]
      : unknownKeys(properties, inner, place, lookup);
  });
}

/** The issue for a name nobody knows, with the nearest known ones. */
export function unknownKey(path: string, name: string, known: readonly string[]): Issue {
  const near = nearestNames(name, known);
  const expected = near.length > 0 ? near.join(', ') : known.join(', ');
  const hint =
    near.length > 0 ? didYouMean(near) : known.length > 0 ? ` Known here: ${known.join(', ')}.` : '';
  return {
    kind: 'unknown',
    path,
    expected: expected || 'no arguments',
    received: name,
    message: `${path}: unknown argument.${hint}`,
  };
}

/** A schema and everything it is composed of. */
function flatten(schema: JsonSchema, lookup: SchemaLookup, depth: number): JsonSchema[] {
  const resolved = resolve(schema, lookup);
  if (depth > 8) return [resolved];
  const parts = (['allOf', 'oneOf', 'anyOf'] as const).flatMap((keyword) =>
    variantsOf(resolved, keyword, lookup),
  );
  return [resolved, ...parts.flatMap((part) => flatten(part, lookup, depth + 1))];
}

function isOpen(schema: JsonSchema): boolean {
  const { additionalProperties, patternProperties } = schema;
  if (additionalProperties !== undefined && additionalProperties !== false) return true;
  if (patternProperties !== undefined) return true;
  // `{ type: object }` without properties, or a schema that says nothing at all, takes any object.
  const composed = schema['oneOf'] ?? schema['anyOf'] ?? schema['allOf'];
  const typed = schema['type'] === undefined || schema['type'] === 'object';
  return typed && schema['properties'] === undefined && composed === undefined;
}
