import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { manifest } from '../testing/local-client.ts';
import { Chance, nearValue } from '../testing/odd-values.ts';
import { checkedKeywords, type Schema, SchemaCompiler } from './validator.ts';

const compiler = new SchemaCompiler((name) => manifest.schema(name));
const problemsOf = (schema: Schema, value: unknown) => compiler.validator(schema).problems(value);

describe('the problems of a value', () => {
  it('are all listed, each with its place', () => {
    const schema = {
      type: 'object',
      required: ['name', 'email'],
      properties: {
        name: { type: 'string', maxLength: 3 },
        email: { type: 'string', format: 'email' },
        tags: { type: 'array', items: { enum: ['a', 'b'] } },
        count: { type: 'integer', minimum: 1 },
      },
    };
    expect(problemsOf(schema, { name: 'long', tags: ['a', 'c'], count: 0 })).toEqual([
      { code: 'required', field: 'email', message: 'email is required.' },
      { code: 'too_long', field: 'name', message: 'name must have 3 or fewer characters.' },
      { code: 'invalid_value', field: 'tags.1', message: 'tags.1 must be one of "a", "b".' },
      { code: 'too_small', field: 'count', message: 'count must be 1 or more.' },
    ]);
    expect(problemsOf(schema, { name: 'ab🜁', email: 'ada@example.com' })).toEqual([]);
    expect(problemsOf(schema, [])).toMatchObject([{ code: 'invalid_type', field: '' }]);
  });

  it('of a choice are those of the form that was meant', () => {
    const schema = {
      oneOf: [
        { properties: { kind: { const: 'a' }, size: { type: 'integer' } }, required: ['kind', 'size'] },
        { properties: { kind: { const: 'b' }, colour: { type: 'string' } }, required: ['kind', 'colour'] },
      ],
    };
    expect(problemsOf(schema, { kind: 'b', colour: 7 })).toMatchObject([
      { field: 'colour', code: 'invalid_type' },
    ]);
    expect(problemsOf(schema, { kind: 'a' })).toMatchObject([{ field: 'size', code: 'required' }]);
  });

  it.each(['ada@example.com', 'a.b+c@sub.example.co', 'ä@exämple.test'])(
    'take %s for an address',
    (email) => {
      expect(problemsOf({ format: 'email' }, email)).toEqual([]);
    },
  );

  it.each([
    'ada',
    'ada@',
    '@example.com',
    'a b@example.com',
    'ada@example',
    'ada@@example.com',
    `${'a'.repeat(400)}@e.co`,
  ])('do not take %s for one', (email) => {
    expect(problemsOf({ format: 'email' }, email)).toMatchObject([{ code: 'invalid_email' }]);
  });
});

/** Keywords that say something to people or to tools, and nothing of whether a value fits. */
const notes = new Set([
  'description',
  'example',
  'examples',
  'title',
  'default',
  'deprecated',
  'discriminator',
  'readOnly',
  'writeOnly',
]);

function* schemasWithin(schema: unknown): Iterable<Schema> {
  if (typeof schema !== 'object' || schema === null) return;
  const known = schema as Schema;
  yield known;
  for (const keyword of ['items', 'additionalProperties', 'propertyNames', 'not'])
    yield* schemasWithin(known[keyword]);
  for (const keyword of ['allOf', 'anyOf', 'oneOf']) {
    for (const part of (known[keyword] as unknown[] | undefined) ?? []) yield* schemasWithin(part);
  }
  for (const keyword of ['properties', 'patternProperties']) {
    for (const part of Object.values((known[keyword] as object | undefined) ?? {}))
      yield* schemasWithin(part);
  }
}

/** A schema without formats: Ajv leaves them to plugins. */
function withoutFormats(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutFormats);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => key !== 'format' || typeof value !== 'string')
      .map(([key, value]) => [key, withoutFormats(value)]),
  );
}

describe('the WorkOS document', () => {
  const named = Object.keys(manifest.index.schemas).map((name) => [name, manifest.schema(name)] as const);
  const bodies = manifest.index.operations.flatMap((entry) => {
    const { body, parameters } = manifest.operation(entry);
    const schemas = parameters.map((parameter) => [entry.operationId, parameter.schema] as const);
    return body === null ? schemas : [...schemas, [entry.operationId, body.schema] as const];
  });

  it('uses no keyword that would go unchecked', () => {
    const unknown = new Set<string>();
    for (const [, schema] of [...named, ...bodies]) {
      for (const part of schemasWithin(schema)) {
        for (const keyword of Object.keys(part)) {
          if (!checkedKeywords.has(keyword) && !notes.has(keyword) && !keyword.startsWith('x-'))
            unknown.add(keyword);
        }
      }
    }
    expect([...unknown]).toEqual([]);
  });

  it('gets the same verdicts as from Ajv, on values near to what each schema asks for', () => {
    const lookup = (name: string) => withoutFormats(manifest.schema(name)) as Schema;
    const ours = new SchemaCompiler(lookup);
    const ajv = new Ajv2020({ strict: false, validateSchema: false });
    for (const [name] of named) ajv.addSchema(lookup(name), `#/schemas/${name}`);
    const chance = new Chance(20_260_601);
    let fitting = 0;
    let failing = 0;
    const differing: object[] = [];
    for (const [name, original] of [...named, ...bodies]) {
      const schema = withoutFormats(original) as Schema;
      const check = ajv.compile(schema);
      const validator = ours.validator(schema);
      for (let round = 0; round < 12; round += 1) {
        const value = nearValue(schema, lookup, chance);
        const expected = check(value);
        if (expected) fitting += 1;
        else failing += 1;
        if ((validator.problems(value).length === 0) !== expected) differing.push({ name, value, expected });
      }
    }
    expect(differing).toEqual([]);
    // Both verdicts were put to the test.
    expect(Math.min(fitting, failing)).toBeGreaterThan(500);
    // Ajv compiles every schema of the document, which a busy machine takes its time for.
  }, 180_000);
});
