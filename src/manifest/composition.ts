import { isJsonObject, type JsonValue } from '../support/json.ts';
import type { JsonSchema } from './manifest.ts';
import { schemaNameOf } from './schema-references.ts';

/**
 * How many schemas one value may be held to, itself not left. Large public documents need some hundreds; through
 * choices of choices a few lines can ask for more than any machine comes to the end of.
 */
const most = 10_000;

/** Keywords whose schemas are for the same value as the schema they stand in. */
const ofSameValue = {
  lists: ['allOf', 'anyOf', 'oneOf'],
  single: ['not', 'if', 'then', 'else'],
  maps: ['dependentSchemas'],
} as const;

/**
 * Named schemas that come to an end: where one is composed of itself, and where it is composed of more schemas than
 * can be tried, that part is left out, which takes more values than the document means.
 * @param leftOut is told of each such schema, and why
 */
export function endingSchemas(
  schemas: Readonly<Record<string, JsonSchema>>,
  leftOut: (name: string, reason: string) => void,
): Record<string, JsonSchema> {
  const settled = new Map<string, Composed>();
  const open = new Set<string>();

  const named = (name: string): number => {
    const known = settled.get(name);
    if (known !== undefined) return known.steps;
    open.add(name);
    let composed = settle(schemas[name] ?? {}, name);
    open.delete(name);
    if (composed.steps > most) {
      leftOut(name, 'it is composed of more schemas than can be tried; that part takes anything');
      composed = { schema: withoutComposition(composed.schema), steps: 1 };
    }
    settled.set(name, composed);
    return composed.steps;
  };

  const settle = (value: JsonValue, within: string): Composed => {
    if (!isJsonObject(value)) return { schema: {}, steps: 1 };
    let steps = 1;
    const changed: JsonSchema = {};
    const inner = (part: JsonValue): JsonValue => {
      if (!isJsonObject(part)) return part;
      const composed = settle(part, within);
      steps += composed.steps;
      return composed.schema;
    };
    const note = (key: string, part: JsonValue, original: JsonValue) => {
      if (part !== original) changed[key] = part;
    };
    for (const key of ofSameValue.lists) {
      const list = value[key];
      if (!Array.isArray(list)) continue;
      const parts = list.map(inner);
      note(key, parts.every((part, at) => part === list[at]) ? list : parts, list);
    }
    for (const key of ofSameValue.single) {
      const part = value[key];
      if (part !== undefined) note(key, inner(part), part);
    }
    for (const key of ofSameValue.maps) {
      const map = value[key];
      if (!isJsonObject(map)) continue;
      const parts = Object.entries(map).map(([name, part]) => [name, inner(part)] as const);
      note(key, parts.every(([name, part]) => part === map[name]) ? map : Object.fromEntries(parts), map);
    }
    const { $ref, ...rest } = value;
    if (typeof $ref === 'string') {
      const target = schemaNameOf($ref);
      if (open.has(target)) {
        leftOut(within, `it is composed of itself (by ${target}); that part takes anything`);
        return { schema: { ...rest, ...changed }, steps };
      }
      steps += named(target);
    }
    return { schema: Object.keys(changed).length === 0 ? value : { ...value, ...changed }, steps };
  };

  return Object.fromEntries(
    Object.keys(schemas).map((name) => {
      named(name);
      return [name, settled.get(name)?.schema ?? {}];
    }),
  );
}

/** A schema, and how many it holds a value to. */
interface Composed {
  readonly schema: JsonSchema;
  readonly steps: number;
}

function withoutComposition(schema: JsonSchema): JsonSchema {
  const rest = { ...schema };
  for (const key of ['$ref', ...ofSameValue.lists, ...ofSameValue.single, ...ofSameValue.maps])
    delete rest[key];
  return rest;
}
