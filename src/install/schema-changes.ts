import {
  type JsonSchema,
  type ManifestReader,
  propertiesOf,
  resolve,
  typesOf,
  variantsOf,
} from '../manifest/index.ts';
import { isJsonObject, type JsonValue, stringifyJson } from '../support/json.ts';
import type { Change } from './change.ts';

/** Which way a value goes: what a request takes may only grow, what an answer holds may not shrink. */
export type Direction = 'request' | 'answer';

/** How deep fields are compared. */
const deepest = 8;

/** What is different between two schemas, field by field. */
export function schemaChanges(
  direction: Direction,
  place: string,
  before: JsonSchema,
  beforeReader: ManifestReader,
  after: JsonSchema,
  afterReader: ManifestReader,
): Change[] {
  const comparison = new Comparison(direction, beforeReader, afterReader);
  comparison.compare(place, before, after, 0);
  return comparison.changes;
}

class Comparison {
  readonly changes: Change[] = [];
  readonly #direction: Direction;
  readonly #before: ManifestReader;
  readonly #after: ManifestReader;
  /** Pairs of named schemas that were compared: they may contain themselves. */
  readonly #seen = new Set<string>();

  constructor(direction: Direction, before: ManifestReader, after: ManifestReader) {
    this.#direction = direction;
    this.#before = before;
    this.#after = after;
  }

  compare(place: string, before: JsonValue | undefined, after: JsonValue | undefined, depth: number): void {
    if (depth > deepest) return;
    const names = [referenceOf(before), referenceOf(after)];
    if (names.some((name) => name !== null)) {
      const pair = names.join(' ');
      if (this.#seen.has(pair)) return;
      this.#seen.add(pair);
    }
    const old = resolve(before, (name) => this.#before.schema(name));
    const next = resolve(after, (name) => this.#after.schema(name));
    if (!this.#types(place, old, next)) return;
    this.#values(place, old, next);
    this.#bounds(place, old, next);
    this.#fields(place, old, next, depth);
    if (isJsonObject(old['items']) && isJsonObject(next['items']))
      this.compare(`${place}[]`, old['items'], next['items'], depth + 1);
    this.#variants(place, old, next, depth);
  }

  /** @returns whether there is anything more to compare */
  #types(place: string, before: JsonSchema, after: JsonSchema): boolean {
    const old = typesOf(before);
    const next = typesOf(after);
    if (old.length === 0 || next.length === 0 || same(old, next)) return true;
    const gone = old.filter(
      (type) => !next.includes(type) && !(type === 'integer' && next.includes('number')),
    );
    const come = next.filter(
      (type) => !old.includes(type) && !(type === 'number' && old.includes('integer')),
    );
    const what = `${old.join(' or ')} became ${next.join(' or ')}`;
    // A request must still take what it took; an answer must hold nothing that it did not hold.
    this.#add(this.#direction === 'request' ? gone.length > 0 : come.length > 0, place, what);
    return next.some((type) => old.includes(type));
  }

  #values(place: string, before: JsonSchema, after: JsonSchema): void {
    const old = valuesOf(before);
    const next = valuesOf(after);
    if (old === null && next === null) return;
    if (old === null || next === null) {
      const narrower = next !== null;
      const what = narrower ? `only ${next.join(', ')} now` : 'any value now';
      this.#add(
        this.#direction === 'request' ? narrower : !narrower && before['const'] === undefined,
        place,
        what,
      );
      return;
    }
    const gone = old.filter((value) => !next.includes(value));
    const come = next.filter((value) => !old.includes(value));
    if (gone.length > 0) this.#add(this.#direction === 'request', place, `no longer ${gone.join(', ')}`);
    // A program that looks at every value it knows may meet one it does not.
    if (come.length > 0) this.#add(false, place, `also ${come.join(', ')}`);
  }

  #bounds(place: string, before: JsonSchema, after: JsonSchema): void {
    if (this.#direction === 'answer') return;
    for (const [keyword, tighter] of boundKeywords) {
      const old = before[keyword];
      const next = after[keyword];
      if (old === next || (typeof old !== 'number' && typeof next !== 'number')) continue;
      const narrower =
        typeof next === 'number' && (typeof old !== 'number' || Math.sign(next - old) === tighter);
      this.#add(narrower, place, `${keyword} ${shown(old)} became ${shown(next)}`);
    }
    if (before['pattern'] !== after['pattern'])
      this.#add(after['pattern'] !== undefined, place, 'its pattern is another');
  }

  #fields(place: string, before: JsonSchema, after: JsonSchema, depth: number): void {
    const old = propertiesOf(before);
    const next = propertiesOf(after);
    const neededBefore = namesIn(before['required']);
    const needed = namesIn(after['required']);
    for (const [name, property] of Object.entries(next)) {
      const path = `${place}.${name}`;
      if (!Object.hasOwn(old, name)) {
        const required = this.#direction === 'request' && needed.has(name);
        this.#add(required, path, required ? 'added, and required' : 'added');
        continue;
      }
      if (neededBefore.has(name) !== needed.has(name)) {
        const required = needed.has(name);
        const what = required ? 'required now' : 'optional now';
        this.#add(this.#direction === 'request' ? required : !required, path, what);
      }
      this.compare(path, old[name], property, depth + 1);
    }
    for (const name of Object.keys(old))
      if (!Object.hasOwn(next, name)) this.#add(true, `${place}.${name}`, 'removed');
  }

  #variants(place: string, before: JsonSchema, after: JsonSchema, depth: number): void {
    for (const keyword of ['allOf', 'oneOf', 'anyOf'] as const) {
      const old = variantsOf(before, keyword, (name) => this.#before.schema(name));
      const next = variantsOf(after, keyword, (name) => this.#after.schema(name));
      if (old.length === 0 && next.length === 0) continue;
      if (keyword !== 'allOf' && old.length !== next.length) {
        const fewer = next.length < old.length;
        const what = `${old.length || 1} variants became ${next.length || 1}`;
        this.#add(this.#direction === 'request' && fewer, place, what);
      }
      // Variants have no names; their order is what documents keep.
      old.slice(0, next.length).forEach((variant, index) => {
        this.compare(place, variant, next[index], depth + 1);
      });
    }
  }

  #add(breaking: boolean, place: string, what: string): void {
    const change: Change = { kind: breaking ? 'breaking' : 'compatible', place, what };
    if (!this.changes.some((other) => other.place === place && other.what === what))
      this.changes.push(change);
  }
}

/** Bounds, and in which direction they get tighter. */
const boundKeywords = [
  ['minimum', 1],
  ['maximum', -1],
  ['minLength', 1],
  ['maxLength', -1],
  ['minItems', 1],
  ['maxItems', -1],
] as const;

function referenceOf(schema: JsonValue | undefined): string | null {
  const reference = isJsonObject(schema) ? schema['$ref'] : undefined;
  return typeof reference === 'string' ? reference : null;
}

function valuesOf(schema: JsonSchema): string[] | null {
  const { const: constant, enum: values } = schema;
  if (constant !== undefined) return [stringifyJson(constant)];
  return Array.isArray(values) ? values.map((value) => stringifyJson(value)) : null;
}

function namesIn(value: JsonValue | undefined): Set<JsonValue> {
  return new Set(Array.isArray(value) ? value : []);
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}

function shown(value: JsonValue | undefined): string {
  return value === undefined ? 'none' : stringifyJson(value);
}
