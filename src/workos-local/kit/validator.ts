import { isJsonObject } from '../../support/json.ts';
import type { Problem } from './errors.ts';

/**
 * Checks values against the part of JSON Schema 2020-12 that OpenAPI documents use. A schema becomes a tree of
 * closures on first use: that costs microseconds, where a compiler of schemas to source text costs tens of
 * milliseconds to load, more than the whole start of a run may take. Tests hold its verdicts against Ajv's over the
 * whole document.
 */
export interface Validator {
  /** Every problem of a value, in the order of the schema; none when it fits. */
  problems(value: unknown): Problem[];
}

/** A JSON Schema as it was read: a boolean or an object. */
export type Schema = Readonly<Record<string, unknown>>;

/** Finds the schema a reference names (`#/schemas/NAME`). */
export type SchemaLookup = (name: string) => Schema;

/** Keywords that can fail a value. A test makes sure that the document uses no other. */
export const checkedKeywords: ReadonlySet<string> = new Set([
  '$ref',
  'type',
  'const',
  'enum',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'properties',
  'patternProperties',
  'required',
  'additionalProperties',
  'propertyNames',
  'minProperties',
  'maxProperties',
  'items',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'minimum',
  'maximum',
]);

/** With `found` it lists what is wrong; without it only tells whether something is. */
type Check = (value: unknown, field: string, found: Problem[] | null) => boolean;

export class SchemaCompiler {
  readonly #lookup: SchemaLookup;
  readonly #named = new Map<string, Check>();

  constructor(lookup: SchemaLookup) {
    this.#lookup = lookup;
  }

  /** @param root the field name that stands before every path, or an empty text */
  validator(schema: Schema, root = ''): Validator {
    const check = this.#check(schema);
    return {
      problems(value) {
        // Most values are right, and telling that needs no paths.
        if (check(value, root, null)) return [];
        const found: Problem[] = [];
        check(value, root, found);
        return found;
      },
    };
  }

  #check(schema: unknown): Check {
    if (schema === false)
      return (_value, field, found) => report(found, field, 'not_allowed', 'is not allowed');
    if (!isSchema(schema)) return () => true;
    const checks = [
      ...this.#references(schema),
      ...valueChecks(schema),
      ...textChecks(schema),
      ...numberChecks(schema),
      ...this.#objectChecks(schema),
      ...this.#arrayChecks(schema),
      ...this.#combinations(schema),
    ];
    const [only] = checks;
    if (only !== undefined && checks.length === 1) return only;
    return (value, field, found) => {
      let fits = true;
      for (const check of checks) {
        if (check(value, field, found)) continue;
        if (found === null) return false;
        fits = false;
      }
      return fits;
    };
  }

  *#references(schema: Schema): Iterable<Check> {
    const reference = schema.$ref;
    if (typeof reference !== 'string') return;
    const name = reference.slice(reference.lastIndexOf('/') + 1);
    // Resolved when it is met: schemas may refer to themselves.
    yield (value, field, found) => this.#namedCheck(name)(value, field, found);
  }

  #namedCheck(name: string): Check {
    let check = this.#named.get(name);
    if (check === undefined) {
      check = this.#check(this.#lookup(name));
      this.#named.set(name, check);
    }
    return check;
  }

  *#objectChecks(schema: Schema): Iterable<Check> {
    const required = textsOf(schema.required);
    if (required.length > 0) {
      yield onObjects((object, field, found) => {
        let fits = true;
        for (const name of required) {
          if (!Object.hasOwn(object, name))
            fits = report(found, join(field, name), 'required', 'is required');
        }
        return fits;
      });
    }
    const { minProperties, maxProperties, propertyNames } = schema;
    if (typeof minProperties === 'number' || typeof maxProperties === 'number') {
      yield onObjects((object, field, found) =>
        withinCount(Object.keys(object).length, minProperties, maxProperties, 'entries', field, found),
      );
    }
    if (propertyNames !== undefined) {
      const check = this.#check(propertyNames);
      yield onObjects((object, field, found) =>
        every(Object.keys(object), found, (name) => check(name, join(field, name), found)),
      );
    }
    yield* this.#propertyChecks(schema);
  }

  *#propertyChecks(schema: Schema): Iterable<Check> {
    const named = new Map(entriesOf(schema.properties).map(([name, inner]) => [name, this.#check(inner)]));
    const patterns = entriesOf(schema.patternProperties).map(
      ([pattern, inner]) => [new RegExp(pattern, 'u'), this.#check(inner)] as const,
    );
    const additional =
      schema.additionalProperties === undefined || schema.additionalProperties === true
        ? null
        : this.#check(schema.additionalProperties);
    if (patterns.length === 0 && additional === null) {
      if (named.size === 0) return;
      yield onObjects((object, field, found) =>
        every(named, found, ([name, check]) => {
          if (!Object.hasOwn(object, name)) return true;
          return check(object[name], found === null ? '' : join(field, name), found);
        }),
      );
      return;
    }
    yield onObjects((object, field, found) =>
      every(Object.entries(object), found, ([name, value]) => {
        const path = found === null ? '' : join(field, name);
        const checks = patterns.filter(([pattern]) => pattern.test(name)).map(([, check]) => check);
        const own = named.get(name);
        if (own !== undefined) checks.push(own);
        if (checks.length === 0 && additional !== null) checks.push(additional);
        return every(checks, found, (check) => check(value, path, found));
      }),
    );
  }

  *#arrayChecks(schema: Schema): Iterable<Check> {
    const { items, minItems, maxItems } = schema;
    if (typeof minItems === 'number' || typeof maxItems === 'number') {
      yield (value, field, found) =>
        !Array.isArray(value) || withinCount(value.length, minItems, maxItems, 'items', field, found);
    }
    if (items !== undefined) {
      const check = this.#check(items);
      yield (value, field, found) =>
        !Array.isArray(value) ||
        every(value.entries(), found, ([position, item]) =>
          check(item, found === null ? '' : join(field, String(position)), found),
        );
    }
  }

  *#combinations(schema: Schema): Iterable<Check> {
    for (const part of partsOf(schema.allOf)) yield this.#check(part);
    const anyOf = partsOf(schema.anyOf).map((part) => this.#check(part));
    if (anyOf.length > 0) {
      yield (value, field, found) =>
        anyOf.some((check) => check(value, field, null)) || reportNearest(anyOf, value, field, found);
    }
    const oneOf = partsOf(schema.oneOf).map((part) => this.#check(part));
    if (oneOf.length > 0) {
      yield (value, field, found) => {
        const matches = oneOf.filter((check) => check(value, field, null)).length;
        if (matches === 1) return true;
        if (matches === 0) return reportNearest(oneOf, value, field, found);
        return report(found, field, 'ambiguous', 'fits more than one of the forms it can have');
      };
    }
    if (schema.not !== undefined) {
      const check = this.#check(schema.not);
      yield (value, field, found) =>
        !check(value, field, null) || report(found, field, wrongForm, 'holds fields that do not go together');
    }
  }
}

function* valueChecks(schema: Schema): Iterable<Check> {
  const types = typeof schema.type === 'string' ? [schema.type] : textsOf(schema.type);
  const [only] = types;
  if (only !== undefined) {
    const message = `must be ${types.map((type) => typeNames[type] ?? type).join(' or ')}`;
    yield types.length === 1
      ? (value, field, found) => isOfType(value, only) || report(found, field, 'invalid_type', message)
      : (value, field, found) =>
          types.some((type) => isOfType(value, type)) || report(found, field, 'invalid_type', message);
  }
  if (Object.hasOwn(schema, 'const')) {
    const expected = schema.const;
    yield (value, field, found) =>
      value === expected || report(found, field, wrongForm, `must be ${JSON.stringify(expected)}`);
  }
  if (Array.isArray(schema.enum)) {
    const allowed: readonly unknown[] = schema.enum;
    const message = `must be one of ${allowed.map((item) => JSON.stringify(item)).join(', ')}`;
    yield (value, field, found) => allowed.includes(value) || report(found, field, 'invalid_value', message);
  }
}

function* textChecks(schema: Schema): Iterable<Check> {
  const { minLength, maxLength, pattern, format } = schema;
  if (typeof minLength === 'number' || typeof maxLength === 'number') {
    yield (value, field, found) =>
      typeof value !== 'string' ||
      withinCount(lengthOf(value), minLength, maxLength, 'characters', field, found);
  }
  if (typeof pattern === 'string') {
    const expression = new RegExp(pattern, 'u');
    yield (value, field, found) =>
      typeof value !== 'string' ||
      expression.test(value) ||
      report(found, field, 'invalid_format', `must match ${pattern}`);
  }
  const known = typeof format === 'string' ? formats[format] : undefined;
  if (known !== undefined) {
    yield (value, field, found) =>
      typeof value !== 'string' || known.test(value) || report(found, field, known.code, known.message);
  }
}

function* numberChecks(schema: Schema): Iterable<Check> {
  const { minimum, maximum } = schema;
  if (typeof minimum === 'number') {
    yield (value, field, found) =>
      typeof value !== 'number' ||
      value >= minimum ||
      report(found, field, 'too_small', `must be ${minimum} or more`);
  }
  if (typeof maximum === 'number') {
    yield (value, field, found) =>
      typeof value !== 'number' ||
      value <= maximum ||
      report(found, field, 'too_large', `must be ${maximum} or less`);
  }
}

/** The code of a problem that says "this is another form", which makes a choice a bad guess at what was meant. */
const wrongForm = 'not_allowed';

/** None of several forms fits: reports the problems of the one that comes nearest. */
function reportNearest(
  checks: readonly Check[],
  value: unknown,
  field: string,
  found: Problem[] | null,
): false {
  if (found === null) return false;
  let nearest: Problem[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const check of checks) {
    const problems: Problem[] = [];
    check(value, field, problems);
    const distance = problems.reduce((sum, problem) => sum + (problem.code === wrongForm ? 10 : 1), 0);
    if (distance >= least) continue;
    least = distance;
    nearest = problems;
  }
  found.push(...nearest);
  return false;
}

function onObjects(
  check: (object: Record<string, unknown>, field: string, found: Problem[] | null) => boolean,
): Check {
  return (value, field, found) => !isJsonObject(value) || check(value, field, found);
}

/** Whether all items pass; it stops at the first that does not unless problems are being listed. */
function every<T>(items: Iterable<T>, found: Problem[] | null, check: (item: T) => boolean): boolean {
  let fits = true;
  for (const item of items) {
    if (check(item)) continue;
    if (found === null) return false;
    fits = false;
  }
  return fits;
}

function report(found: Problem[] | null, field: string, code: string, message: string): false {
  found?.push({ code, field, message: `${field === '' ? 'The body' : field} ${message}.` });
  return false;
}

function withinCount(
  count: number,
  least: unknown,
  most: unknown,
  unit: string,
  field: string,
  found: Problem[] | null,
): boolean {
  if (typeof least === 'number' && count < least) {
    return report(found, field, 'too_short', `must have ${least} or more ${unit}`);
  }
  if (typeof most === 'number' && count > most) {
    return report(found, field, 'too_long', `must have ${most} or fewer ${unit}`);
  }
  return true;
}

/** In characters as people count them, so a letter beyond the basic plane is one. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _character of text) length += 1;
  return length;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'an array',
  null: 'null',
};

function isOfType(value: unknown, type: string): boolean {
  if (type === 'object') return isJsonObject(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value);
  return typeof value === type;
}

interface Format {
  readonly code: string;
  readonly message: string;
  test(text: string): boolean;
}

/** The formats that requests of the document use; others are notes to people. */
const formats: Readonly<Record<string, Format>> = {
  email: {
    code: 'invalid_email',
    message: 'must be an e-mail address',
    // Short enough first: the pattern's time grows faster than the text.
    test: (text) => text.length <= 320 && /^[^\s@<>(),;:"[\]\\]+@[^\s@.]+(\.[^\s@.]+)+$/u.test(text),
  },
  'date-time': {
    code: 'invalid_format',
    message: 'must be a time as in 2026-01-15T12:00:00.000Z',
    test: (text) =>
      /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text) &&
      !Number.isNaN(Date.parse(text)),
  },
  uri: {
    code: 'invalid_url',
    message: 'must be a URL',
    test: (text) => URL.canParse(text),
  },
};

function join(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}

function isSchema(value: unknown): value is Schema {
  return isJsonObject(value);
}

function entriesOf(value: unknown): [string, unknown][] {
  return isSchema(value) ? Object.entries(value) : [];
}

function partsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): readonly string[] {
  return partsOf(value).filter((item) => typeof item === 'string');
}
