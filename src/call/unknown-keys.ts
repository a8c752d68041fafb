import { didYouMean, nearestNames } from '../catalog/index.ts';
import type { JsonSchema } from '../manifest/index.ts';
import { propertiesOf, resolve, type SchemaLookup, variantsOf } from '../manifest/index.ts';
import { isJsonObject, type JsonValue } from '../support/json.ts';
import { childPath, type Issue } from './issue.ts';

/**
 * Names in a value that its schemas do not know. Documents seldom forbid them, yet an API ignores them in silence,
 * which is how a misspelt argument goes unnoticed. An object that is open by its schema may hold anything.
 * @param schemas a list that stays the same one: what it knows is worked out once
 */
export function unknownKeys(
  schemas: readonly JsonSchema[],
  value: JsonValue,
  path: string,
  lookup: SchemaLookup,
): Issue[] {
  if (typeof value !== 'object' || value === null) return [];
  const { items, properties } = knownOf(schemas, lookup);
  if (Array.isArray(value)) {
    if (items.length === 0) return [];
    return value.flatMap((item, index) => unknownKeys(items, item, childPath(path, index), lookup));
  }
  if (properties === null) return [];
  const issues: Issue[] = [];
  for (const name of Object.keys(value)) {
    const inner = value[name];
    const known = properties.get(name);
    if (known === undefined) issues.push(unknownKey(childPath(path, name), name, [...properties.keys()]));
    else if (typeof inner === 'object' && inner !== null)
      issues.push(...unknownKeys(known, inner, childPath(path, name), lookup));
  }
  return issues;
}

/** What schemas know of a value that may be any of them. */
interface Known {
  /** The schemas of a list's items. */
  readonly items: readonly JsonSchema[];
  /** The schemas of an object's properties; null where it may have any. */
  readonly properties: ReadonlyMap<string, readonly JsonSchema[]> | null;
}

const worked = new WeakMap<readonly JsonSchema[], Known>();

function knownOf(schemas: readonly JsonSchema[], lookup: SchemaLookup): Known {
  let known = worked.get(schemas);
  if (known === undefined) {
    const alternatives = schemas.flatMap((schema) => flatten(schema, lookup, 0));
    known = {
      items: alternatives.map((schema) => schema['items']).filter(isJsonObject),
      properties: alternatives.some(isOpen) ? null : propertiesOfAll(alternatives),
    };
    worked.set(schemas, known);
  }
  return known;
}

function propertiesOfAll(alternatives: readonly JsonSchema[]): Map<string, JsonSchema[]> | null {
  const known = new Map<string, JsonSchema[]>();
  for (const schema of alternatives) {
    for (const [name, property] of Object.entries(propertiesOf(schema))) {
      if (isJsonObject(property)) known.set(name, [...(known.get(name) ?? []), property]);
    }
  }
  return known.size === 0 ? null : known;
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
