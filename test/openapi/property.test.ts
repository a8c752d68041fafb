import fc from 'fast-check';
import { OpenAPIRouter, OpenAPIValidator } from 'openapi-backend';
import { expect, it } from 'vitest';
import { Account } from '../../src/accounts/account.ts';
import { bind } from '../../src/call/bind.ts';
import { OperationPlan } from '../../src/call/plan.ts';
import { validate } from '../../src/call/validate.ts';
import { wireRequest } from '../../src/call/wire.ts';
import { compileManifest } from '../../src/manifest/compile.ts';
import { ManifestReader } from '../../src/manifest/index.ts';
import type { JsonObject, JsonValue } from '../../src/support/json.ts';

/** A schema, and a value that fits it. */
interface Sample {
  readonly schema: JsonObject;
  readonly value: JsonValue;
}

// What ends a value in a list written as one text cannot be told from what is in it: the standard leaves that open.
const word = fc.stringMatching(/^[A-Za-z0-9 äß/?&=%+#._-]{1,12}$/);
const scalar: fc.Arbitrary<Sample> = fc.oneof(
  word.map((value) => ({ schema: { type: 'string' }, value })),
  fc
    .integer({ min: -1_000, max: 1_000 })
    .map((value) => ({ schema: { type: 'integer', minimum: -1_000 }, value })),
  fc.boolean().map((value) => ({ schema: { type: 'boolean' }, value })),
  word.map((value) => ({ schema: { type: 'string', enum: [value, 'other'] }, value })),
);
const list: fc.Arbitrary<Sample> = fc
  .array(fc.stringMatching(/^[A-Za-z0-9]{1,8}$/), { minLength: 2, maxLength: 4 })
  .map((value) => ({ schema: { type: 'array', items: { type: 'string' } }, value }));
const body: fc.Arbitrary<Sample> = fc.letrec<{ node: Sample }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(scalar, { minLength: 1, maxLength: 1 }).map(([item]) => ({
      schema: { type: 'array', items: item?.schema ?? {} },
      value: item === undefined ? [] : [item.value],
    })),
    fc
      .dictionary(fc.stringMatching(/^[a-z][a-zA-Z_]{0,8}$/), tie('node'), { minKeys: 1, maxKeys: 4 })
      .map(objectOf),
  ),
})).node;

function objectOf(properties: Record<string, Sample>): Sample {
  const entries = Object.entries(properties);
  return {
    schema: {
      type: 'object',
      required: entries.map(([name]) => name),
      properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
    },
    value: Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
  };
}

const name = fc.stringMatching(/^[a-z][a-zA-Z]{2,8}$/).filter((text) => text !== 'thing');
const operation = fc.record({
  version: fc.constantFrom('3.0.3', '3.1.0'),
  // A dot alone would be another path, and is refused.
  path: scalar.filter(({ value }) => value !== '.' && value !== '..'),
  query: fc.dictionary(
    name,
    fc.oneof(
      scalar.map((sample) => ({ ...sample, style: {} })),
      fc
        .tuple(list, fc.constantFrom({}, { explode: false }, { style: 'pipeDelimited', explode: false }))
        .map(([sample, style]) => ({ ...sample, style })),
    ),
    { maxKeys: 4 },
  ),
  body: fc.option(fc.dictionary(name, body, { minKeys: 1, maxKeys: 4 }).map(objectOf)),
});

it('a request that is made of a generated document and fitting arguments is what an independent validator reads back', () => {
  fc.assert(
    fc.property(operation, ({ version, path, query, body: content }) => {
      const parameters = Object.entries(query).map(([key, { schema, style }]) => ({
        name: key,
        in: 'query',
        required: true,
        schema,
        ...style,
      }));
      const document: JsonObject = {
        openapi: version,
        info: { title: 'T', version: '1' },
        paths: {
          '/things/{thing}': {
            post: {
              operationId: 'make',
              summary: 'Make a thing',
              parameters: [{ name: 'thing', in: 'path', required: true, schema: path.schema }, ...parameters],
              ...(content === null
                ? {}
                : {
                    requestBody: {
                      required: true,
                      content: { 'application/json': { schema: content.schema } },
                    },
                  }),
              responses: { 200: { description: 'OK' } },
            },
          },
        },
      };
      const source = { content: document, location: 'generated', version: '', sha256: '' };
      const reader = ManifestReader.of(compileManifest('acme', source, document, []));
      const [entry] = reader.index.operations;
      if (entry === undefined) throw new Error('no operation');
      const plan = new OperationPlan(reader.operation(entry), reader);
      const argumentOf = (wire: string) =>
        plan.operation.parameters.find((parameter) => parameter.name === wire)?.argument ?? wire;
      const args: JsonObject = Object.fromEntries(
        [
          ['thing', path.value] as const,
          ...Object.entries(query).map(([key, { value }]) => [key, value] as const),
        ].map(([key, value]) => [argumentOf(key), value]),
      );
      if (content !== null) args['body'] = content.value;
      const bound = bind(plan, args);
      expect(validate(plan, bound)).toEqual([]);
      const account = Account.localOf('acme', 'default', { url: 'http://acme.test' });
      const wire = wireRequest(plan, bound, account, '', 'kosmo/test');
      if ('code' in wire) throw new Error(wire.message);

      const router = new OpenAPIRouter({ definition: document as never, apiRoot: '/' });
      const validator = new OpenAPIValidator({
        definition: document as never,
        router,
        coerceTypes: true,
        ajvOpts: { logger: false, strict: false },
      });
      const { pathname, search } = new URL(wire.url);
      const asked = {
        method: wire.method,
        path: pathname,
        query: search.slice(1),
        headers: { ...wire.headers },
        ...(wire.body === null ? {} : { body: String(wire.body) }),
      };
      expect(validator.validateRequest(asked)).toMatchObject({ valid: true });
      const matched = router.matchOperation(asked);
      const read = router.parseRequest(asked, matched);
      expect(read.params['thing']).toBe(text(path.value));
      for (const [key, { value }] of Object.entries(query))
        expect(read.query[key]).toEqual(Array.isArray(value) ? value.map(text) : text(value));
      if (content !== null) expect(read.requestBody).toEqual(content.value);
    }),
    // The same documents every time: a failure is one that can be looked into.
    { numRuns: 100, seed: 20_261_125 },
  );
});

function text(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
