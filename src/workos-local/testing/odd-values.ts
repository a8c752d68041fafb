import type { Schema, SchemaLookup } from '../kit/validator.ts';

/** Chance that is the same every time. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to, but not, 1. */
  next(): number {
    // Mulberry32.
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from.');
    return item;
  }
}

/** Values that programs stumble over. */
const oddValues: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  'x',
  'x'.repeat(5000),
  '\u0000',
  '\ud800',
  '🜁\u202e\u0301',
  "'; DROP TABLE organizations; --",
  '%',
  '../..',
  '__proto__',
  'null',
  [],
  {},
  [null],
  [[]],
  { constructor: 1 },
  { toString: null },
];

/** A value that is near to what a schema asks for: mostly right, with something odd in places. */
export function nearValue(schema: unknown, lookup: SchemaLookup, chance: Chance, depth = 0): unknown {
  if (chance.next() < 0.08 || depth > 6) return chance.pick(oddValues);
  if (typeof schema !== 'object' || schema === null) return chance.pick(oddValues);
  const known = schema as Schema;
  const near = (inner: unknown) => nearValue(inner, lookup, chance, depth + 1);
  if (typeof known.$ref === 'string') return near(lookup(known.$ref.slice(known.$ref.lastIndexOf('/') + 1)));
  if (Object.hasOwn(known, 'const')) return known.const;
  if (Array.isArray(known.enum)) return chance.pick(known.enum);
  const choices = [known.oneOf, known.anyOf].find((list) => Array.isArray(list));
  const parts: unknown[] = Array.isArray(known.allOf) ? known.allOf.map(near) : [];
  if (Array.isArray(choices)) parts.push(near(chance.pick(choices)));
  const type = Array.isArray(known.type) ? chance.pick(known.type) : known.type;
  if (type === 'array') return Array.from({ length: Math.floor(chance.next() * 4) }, () => near(known.items));
  if (type === 'string')
    return chance.pick(['a', 'ada@example.com', 'ada.example', known.example ?? 'b', 'ß', '7']);
  if (type === 'integer' || type === 'number') return chance.pick([0, 1, 7, 30, 101, -3, 2.5]);
  if (type === 'boolean') return chance.next() < 0.5;
  if (type === 'null') return null;
  const properties = Object.entries((known.properties ?? {}) as Record<string, unknown>);
  const own = properties
    .filter(() => chance.next() < 0.8)
    .map(([name, inner]) => [name, near(inner)] as const);
  const additional =
    typeof known.additionalProperties === 'object' && chance.next() < 0.6
      ? [[chance.pick(['k', 'key', 'ключ', 'x'.repeat(50)]), near(known.additionalProperties)] as const]
      : [];
  return Object.assign(
    {},
    ...parts.filter((part) => typeof part === 'object'),
    Object.fromEntries([...own, ...additional]),
  );
}
