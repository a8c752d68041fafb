import type { Argument } from '../../call/index.ts';
import {
  type JsonSchema,
  propertiesOf,
  resolve,
  type SchemaLookup,
  variantsOf,
} from '../../manifest/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../support/json.ts';
import { parseJson } from '../../support/parse-json.ts';
import { coerceAll, itemsIn } from './coerce.ts';

/** A value given beside the JSON, by `--arg` or by a flag of the function. */
export interface Given {
  /** What the caller wrote, for messages: `--limit`, `--arg limit`. */
  readonly source: string;
  /** Where it goes, as written: `limit`, `body.name`, `domain_data.0.domain`. */
  readonly path: readonly string[];
  /** The texts given for it, or a value that needs no reading. */
  readonly texts?: readonly string[];
  readonly value?: JsonValue;
}

/** What a function takes, as far as putting values in their place goes. */
export interface Shape {
  readonly arguments: readonly Argument[];
  readonly body: JsonSchema | null;
  readonly lookup: SchemaLookup;
}

/** Where a value goes, by the one name of each place. */
interface Place {
  readonly kind: 'parameter' | 'body' | 'unknown';
  readonly path: readonly string[];
  readonly schema: JsonSchema;
}

/**
 * The arguments of a call: the JSON's, with what was given beside it put over them.
 * @throws KosmoError `usage` when two flags give the same thing, or a path leads nowhere
 */
export function mergeArguments(json: JsonObject, given: readonly Given[], shape: Shape): JsonObject {
  const result = structuredClone(json);
  const placed = given.map((entry) => ({ ...entry, place: placeOf(entry.path, shape) }));
  // A whole goes before its parts, so that `--metadata '{…}' --arg metadata.team=core` has both.
  placed.sort((a, b) => a.place.path.length - b.place.path.length);
  const seen = new Map<string, string>();
  for (const { place, source, texts, value } of placed) {
    const key = `${place.kind} ${place.path.join('.')}`;
    const other = seen.get(key);
    if (other !== undefined) throw twice(source, other);
    seen.set(key, source);
    const settled = texts === undefined ? (value ?? null) : coerceAll(texts, place.schema, shape.lookup);
    if (settled === null && texts !== undefined && texts.length > 1) throw twice(source, source);
    put(result, place, settled, source, shape);
  }
  return result;
}

function twice(source: string, other: string): KosmoError {
  const message =
    source === other ? `${source} was given twice.` : `${other} and ${source} give the same argument.`;
  return new KosmoError('usage', message, { hint: 'Give one of them.' });
}

function placeOf(path: readonly string[], { arguments: known, body, lookup }: Shape): Place {
  const [first = '', ...rest] = path;
  const name = first.replaceAll('-', '_');
  const argument = known.find((entry) => entry.name === name || entry.alias === name);
  if (argument !== undefined) {
    const schema = schemaAt(argument.schema, rest, lookup);
    const kind = argument.in === 'body' ? 'body' : 'parameter';
    return { kind, path: [argument.name, ...rest], schema };
  }
  if (name === 'body' && body !== null)
    return { kind: 'body', path: rest, schema: schemaAt(body, rest, lookup) };
  return { kind: 'unknown', path, schema: {} };
}

function schemaAt(schema: JsonSchema, path: readonly string[], lookup: SchemaLookup): JsonSchema {
  let current = schema;
  for (const step of path) {
    current = /^\d+$/.test(step) ? itemsIn(current, lookup) : propertyIn(current, step, lookup);
  }
  return current;
}

function propertyIn(schema: JsonSchema, name: string, lookup: SchemaLookup): JsonSchema {
  const resolved = resolve(schema, lookup);
  const own = propertiesOf(resolved)[name];
  if (isJsonObject(own)) return own;
  for (const keyword of ['allOf', 'oneOf', 'anyOf'] as const) {
    for (const part of variantsOf(resolved, keyword, lookup)) {
      const found = propertyIn(part, name, lookup);
      if (Object.keys(found).length > 0) return found;
    }
  }
  const { additionalProperties } = resolved;
  return isJsonObject(additionalProperties) ? additionalProperties : {};
}

function put(
  result: JsonObject,
  { kind, path }: Place,
  value: JsonValue,
  source: string,
  shape: Shape,
): void {
  const [first = '', ...rest] = path;
  if (kind === 'body') {
    if (path.length === 0) {
      // The JSON's own body goes with what was lifted into it.
      for (const { name, in: place } of shape.arguments) if (place === 'body') delete result[name];
      result['body'] = value;
      return;
    }
    const isArgument = shape.arguments.some((entry) => entry.in === 'body' && entry.name === first);
    if (isJsonObject(result['body']) || !isArgument) {
      const body = isJsonObject(result['body']) ? result['body'] : {};
      result['body'] = body;
      // What stands beside the body moves into it, or it would be given twice.
      if (isArgument && Object.hasOwn(result, first)) {
        body[first] ??= result[first] ?? null;
        delete result[first];
      }
      setAt(body, path, value, source);
      return;
    }
  }
  if (kind === 'parameter') {
    const argument = shape.arguments.find(({ name }) => name === first);
    for (const name of Object.keys(result)) {
      const plain = name.replaceAll('-', '_');
      if (name !== first && (plain === first || plain === argument?.alias)) {
        result[first] ??= result[name] ?? null;
        delete result[name];
      }
    }
  }
  setAt(result, [first, ...rest], value, source);
}

/** Sets a value at a path, making what is missing on the way; a number counts the items of a list from 0. */
function setAt(root: JsonObject, path: readonly string[], value: JsonValue, source: string): void {
  let holder: JsonObject | JsonValue[] = root;
  path.forEach((step, depth) => {
    const last = depth === path.length - 1;
    const made: JsonValue = /^\d+$/.test(path[depth + 1] ?? '') ? [] : {};
    if (Array.isArray(holder)) {
      const index = Number(step);
      if (!/^\d+$/.test(step) || index > holder.length) throw leadsNowhere(source, path, holder.length);
      const next: JsonValue = last ? value : containerOr(holder[index], made);
      holder[index] = next;
      if (typeof next === 'object' && next !== null) holder = next;
      return;
    }
    const next: JsonValue = last
      ? value
      : containerOr(Object.hasOwn(holder, step) ? holder[step] : undefined, made);
    Object.defineProperty(holder, step, {
      value: next,
      enumerable: true,
      writable: true,
      configurable: true,
    });
    if (typeof next === 'object' && next !== null) holder = next;
  });
}

function containerOr(value: JsonValue | undefined, made: JsonValue): JsonValue {
  return typeof value === 'object' && value !== null ? value : made;
}

function leadsNowhere(source: string, path: readonly string[], length: number): KosmoError {
  return new KosmoError(
    'usage',
    `${source}: ${path.join('.')} leads nowhere: the list has ${length} items so far.`,
    {
      hint: 'Items are counted from 0, and given one after another.',
    },
  );
}

/**
 * Reads `--arg`: `limit=10` is read as the schema wants it, `limit:=10` is JSON as it stands.
 * @throws KosmoError `usage`
 */
export function readAssignment(text: string): Given {
  const match = /^([^=:]+)(:?=)([\s\S]*)$/.exec(text);
  if (match === null) {
    throw new KosmoError('usage', `--arg takes NAME=VALUE, got ${text}.`, {
      hint: 'For example --arg limit=10, --arg metadata.team=core, or --arg domains:=\'["a.example"]\' for JSON.',
    });
  }
  const [, name = '', operator, value = ''] = match;
  const path = name.trim().split('.');
  const source = `--arg ${name.trim()}`;
  if (operator === '=') return { source, path, texts: [value] };
  const parsed = parseJson(value);
  if (parsed === undefined) {
    throw new KosmoError('usage', `${source}: ${value} is not JSON, which := takes.`, {
      hint: 'Use = for text.',
    });
  }
  return { source, path, value: parsed };
}
