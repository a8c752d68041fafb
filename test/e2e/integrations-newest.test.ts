import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Envelope, envelopeOf, Kosmo, repository, TestApi } from './kosmo.ts';

const spec = join(repository, 'test/fixtures/openapi-3.2.yaml');

let kosmo: Kosmo;
let api: TestApi;
let added: Envelope;

beforeAll(async () => {
  api = await TestApi.open(({ method, url }, response) => {
    const items = '{"id":"1","title":"One"}\n{"id":"2","title":"Two"}\n';
    if (method === 'QUERY') response.writeHead(200, { 'content-type': 'application/jsonl' }).end(items);
    else if (url.startsWith('/query'))
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: 1\n\ndata: 2\n\n');
    else if (method === 'GET')
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"1","title":"One"}');
    else response.writeHead(204).end();
  });
  kosmo = new Kosmo({ ARCHIVE_URL: api.url, ARCHIVE_ACCESS_TOKEN: 'token-1' });
  const { stdout } = await kosmo.run(['integrations:add', 'archive', '--spec', spec, '--json']);
  added = envelopeOf(stdout);
});

beforeEach(() => {
  api.received.length = 0;
});

afterAll(() => {
  kosmo.remove();
  api.close();
});

/** Calls a function for good; its envelope. */
async function call(name: string, args: object): Promise<Envelope> {
  const words = ['integrations:call', `archive.${name}`, JSON.stringify(args), '--force', '--json'];
  return envelopeOf((await kosmo.run(words)).stdout);
}

describe('a document of OpenAPI 3.2', () => {
  it('is compiled, and what is not served of it is said', () => {
    expect(added).toMatchObject({ installed: true, report: { operations: 6, degraded: [], remarks: [] } });
    expect(added['report'].unnamed).toEqual([
      { operation: 'CONNECT /items/{item_id}', reason: 'no request of the method CONNECT is made' },
    ]);
  });

  it('has functions of the method QUERY, which read, and answers that are lines of JSON, which are lists', async () => {
    const { data, meta } = await call('find_items', { text: 'o' });
    expect(data).toEqual([
      { id: '1', title: 'One' },
      { id: '2', title: 'Two' },
    ]);
    expect(meta).toMatchObject({ effect: 'read', status: 200 });
    expect(api.received).toMatchObject([{ method: 'QUERY', url: '/items', body: '{"text":"o"}' }]);
    // The schema stands among the components’ media types.
    expect((await call('find_items', { text: '' }))['error']).toMatchObject({ code: 'invalid_arguments' });
  });

  it('has functions of methods of its own, with the effect that the method has', async () => {
    expect((await call('copy_item', { item_id: '1', destination: '/b' }))['meta'].effect).toBe('write');
    expect((await call('purge_item', { item_id: '1' }))['meta'].effect).toBe('destructive');
    expect(api.received).toMatchObject([
      { method: 'COPY', url: '/items/1', headers: { destination: '/b' } },
      { method: 'PURGE', url: '/items/1' },
    ]);
  });

  it('is called by method and path with any method it has, under the policy of the function that it is', async () => {
    await call('request', { method: 'COPY', path: '/items/1' });
    expect(api.received).toMatchObject([{ method: 'COPY', url: '/items/1' }]);
    const program = 'app.integrations.archive.request{ method = "PURGE", path = "/items/1" }';
    const { error } = await kosmo.lua(program, '--force', '--deny', 'archive.purge_*');
    expect(error).toMatchObject({ code: 'denied' });
    expect((await call('request', { method: 'CONNECT', path: '/items/1' }))['error'].code).toBe(
      'invalid_arguments',
    );
    expect(api.received).toHaveLength(1);
  });

  it('has parameters that are the whole query, and cookies that stand as they are', async () => {
    await call('get_item', { item_id: '1', view: { fields: ['a&b', 'c'], size: 5 }, theme: 'light=1 %;x=2' });
    await call('evaluate_expression', { expression: { path: '$.a[1]' } });
    const [item, evaluated] = api.received;
    expect(item?.url).toBe('/items/1?fields=a%26b&fields=c&size=5');
    expect(item?.headers.cookie).toBe('theme=light=1 %%3Bx=2');
    const { search } = new URL(evaluated?.url ?? '', api.url);
    expect(JSON.parse(decodeURIComponent(search.slice(1)))).toEqual({ path: '$.a[1]' });
    const { error } = await call('get_item', { item_id: '1', view: { size: 500 } });
    expect(error.message).toContain('view.size');
  });

  it('takes lists as lines of JSON, each item of them checked', async () => {
    await call('add_items', { body: [{ title: 'a' }, { title: 'b\nc' }] });
    expect(api.received[0]?.headers['content-type']).toBe('application/jsonl');
    expect(api.received[0]?.body).toBe('{"title":"a"}\n{"title":"b\\nc"}\n');
    // The schema of an item is referred to by the URL that the document gives itself.
    const { error } = await call('add_items', { body: [{ title: 1 }] });
    expect(error.message).toContain('body[1].title: expected a string, got 1');
  });

  it('has events as the text they are', async () => {
    expect((await call('evaluate_expression', { expression: {} }))['data']).toBe('data: 1\n\ndata: 2\n\n');
  });

  it('gets tokens by the device flow’s own address, once somebody has signed in', async () => {
    const { stdout } = await kosmo.run(['integrations:fields', 'archive', '--json']);
    const fields = new Map(
      (envelopeOf(stdout)['fields'] as Envelope[]).map((field) => [field['name'], field['default']]),
    );
    expect(fields.get('token_url')).toBe('https://archive.example.com/token');
    expect(fields.has('refresh_token')).toBe(true);
  });

  it('names the tags that functions are grouped by', async () => {
    const { stdout } = await kosmo.run(['integrations:docs', 'archive']);
    expect(stdout).toContain('What the archive keeps');
  });
});
