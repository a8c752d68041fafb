import { afterAll, describe, expect, it } from 'vitest';
import { Catalogue } from './catalogue.ts';
import { LocalClient, manifest } from './testing/local-client.ts';
import { plainValue } from './testing/plain-value.ts';

const lookup = (name: string) => manifest.schema(name);
const handled = new Set(new Catalogue().operationIds);
const operations = manifest.index.operations
  .filter((entry) => handled.has(entry.operationId))
  .map((entry) => manifest.operation(entry));
const client = new LocalClient();
afterAll(() => client.server.close());

type Operation = (typeof operations)[number];

const named = (some: readonly Operation[]) =>
  some.map((operation) => [operation.operationId, operation] as const);
/** The path with ids that nobody has. */
const nowhere = ({ path }: Operation) => path.replace(/\{[^}]+\}/g, 'none_01');
const declares = ({ responses }: Operation, status: string) =>
  responses.some((response) => response.status === status);
/** What the operation needs to be right in form. */
const query = ({ parameters }: Operation) =>
  new URLSearchParams(
    parameters
      .filter(({ in: place, required }) => place === 'query' && required)
      .map(({ name, schema }): [string, string] => [name, String(plainValue(schema, lookup))]),
  ).toString();

describe('without a key', () => {
  it.each(named(operations.filter(({ auth }) => auth !== null)))('%s answers 401', async (_id, operation) => {
    const reply = await client.call(operation.method, nowhere(operation), { key: null });
    expect(reply.status).toBe(401);
    const wrong = await client.call(operation.method, nowhere(operation), { key: 'sk_test_wrong' });
    expect(wrong.status).toBe(401);
  });
});

describe('with an id that nobody has', () => {
  const asking = operations.filter(
    (operation) => operation.auth !== null && operation.path.includes('{') && declares(operation, '404'),
  );
  it.each(named(asking))('%s answers 404, or says what is wrong before it looks', async (_id, operation) => {
    const body = operation.body === null ? undefined : plainValue(operation.body.schema, lookup);
    const reply = await client.call(operation.method, `${nowhere(operation)}?${query(operation)}`, { body });
    expect([400, 404, 422]).toContain(reply.status);
  });
});

describe('with a query that is out of bounds', () => {
  const lists = operations.filter(
    ({ auth, parameters }) => auth !== null && parameters.some(({ name }) => name === 'limit'),
  );
  it.each(named(lists))('%s answers 422 and names the parameter', async (_id, operation) => {
    for (const limit of ['0', '101', 'x', '-1', '1.5']) {
      const path = `${nowhere(operation)}?${query(operation)}&limit=${limit}`;
      const reply = await client.call(operation.method, path);
      expect(reply.status).toBe(422);
      expect(reply.body.errors.map(({ field }: { field: string }) => field)).toContain('limit');
    }
  });
});

describe('with a body of the wrong kind', () => {
  const taking = operations.filter(({ auth, body }) => auth !== null && body !== null);
  it.each(named(taking))('%s answers 422, or 400 when it is no JSON', async (_id, operation) => {
    const path = `${nowhere(operation)}?${query(operation)}`;
    const list = await client.call(operation.method, path, { body: [1] });
    expect(list.status).toBe(422);
    const broken = await client.call(operation.method, path, { text: '{"a":' });
    expect([broken.status, broken.body.code]).toEqual([400, 'invalid_json']);
  });
});
