import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Catalogue } from './catalogue.ts';
import { localAccount, openLocalServer } from './index.ts';
import { LocalClient, ManualClock, manifest } from './testing/local-client.ts';

describe('the local server', () => {
  it('wants an API key it knows', async () => {
    const client = new LocalClient();
    expect(await client.get('/organizations', { key: null })).toMatchObject({ status: 401 });
    expect(await client.get('/organizations', { key: 'sk_live_other' })).toMatchObject({ status: 401 });
    expect(await client.get('/organizations', { key: 'sk_test_other' })).toMatchObject({ status: 401 });
    const basic = await client.get('/organizations', { headers: { authorization: 'Basic eDp5' } });
    expect(basic.status).toBe(401);
  });

  it('answers a wrong key before it looks at the rest of the request', async () => {
    const client = new LocalClient();
    expect((await client.post('/organizations', { name: 1 }, { key: 'sk_test_other' })).status).toBe(401);
  });

  it.each([
    ['GET', '/nothing/here'],
    ['PATCH', '/organizations'],
    ['GET', '/'],
    ['GET', '/organizations/%E0%A4%A'],
    ['GET', '//organizations'],
  ])('has nothing at %s %s', async (method, path) => {
    expect(await new LocalClient().call(method, path)).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    });
  });

  it('takes a path with a slash at its end', async () => {
    expect((await new LocalClient().get('/organizations/')).status).toBe(200);
  });

  it.each(['{"name":', 'name=x', '\u0000'])('refuses %j as a body', async (text) => {
    expect(await new LocalClient().call('POST', '/organizations', { text })).toMatchObject({
      status: 400,
      body: { code: 'invalid_json' },
    });
  });

  it.each([['[]'], ['null'], ['"text"'], ['7']])(
    'refuses the JSON %s where an object belongs',
    async (text) => {
      expect((await new LocalClient().call('POST', '/organizations', { text })).status).toBe(422);
    },
  );

  it('refuses a body that is nested without end', async () => {
    const client = new LocalClient();
    for (const inner of ['1', '"\\u0000"']) {
      const text = `{"name":"x","metadata":${'['.repeat(100_000)}${inner}${']'.repeat(100_000)}}`;
      expect((await client.call('POST', '/organizations', { text })).status).toBe(422);
    }
  });

  it('answers now what a later read answers, whatever the text', async () => {
    const client = new LocalClient();
    const name = 'a\\u0000b';
    expect((await client.call('POST', '/organizations', { text: `{"name":"${name}"}` })).status).toBe(422);
    const half = await client.call('POST', '/organizations', {
      text: '{"name":"half \\ud800 of a pair 🜁 \\u202e"}',
    });
    expect(half.body.name).toBe('half \ufffd of a pair 🜁 \u202e');
    expect((await client.get(`/organizations/${half.body.id}`)).body).toEqual(half.body);
  });

  it('gives every answer an id of its own', async () => {
    const client = new LocalClient();
    const ids = new Set<string | undefined>();
    for (let count = 0; count < 5; count += 1)
      ids.add((await client.get('/organizations')).headers['x-request-id']);
    expect(ids.size).toBe(5);
  });

  it('speaks the fetch API too', async () => {
    const { server } = new LocalClient();
    const headers = { authorization: `Bearer ${localAccount.apiKey}` };
    const made = await server.fetch(
      new Request('http://local/organizations', { method: 'POST', headers, body: '{"name":"Northwind"}' }),
    );
    expect(made.status).toBe(201);
    const { id } = (await made.json()) as { id: string };
    const gone = await server.fetch(
      new Request(`http://local/organizations/${id}`, { method: 'DELETE', headers }),
    );
    expect([gone.status, await gone.text()]).toEqual([202, '']);
  });

  it('keeps everything over a restart, and seeds a file once', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kosmo-local-'));
    try {
      const database = join(folder, 'deep', 'workos.db');
      const first = new LocalClient({ database });
      const made = (await first.post('/organizations', { name: 'Northwind' })).body;
      const listed = (await first.get('/organizations?limit=100')).body;
      const events = await first.events();
      first.server.close();
      const second = new LocalClient({ database });
      expect((await second.get(`/organizations/${made.id}`)).body).toEqual(made);
      expect((await second.get('/organizations?limit=100')).body).toEqual(listed);
      expect(await second.events()).toEqual(events);
      second.server.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('lets two servers share a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kosmo-local-'));
    try {
      const database = join(folder, 'workos.db');
      const one = new LocalClient({ database });
      const two = new LocalClient({ database });
      const ids = [];
      for (let count = 0; count < 20; count += 1) {
        const made = await (count % 2 === 0 ? one : two).post('/organizations', { name: `${count}` });
        ids.push(made.body.id);
      }
      const seen = await one.all('/organizations');
      expect(new Set(seen.map((item) => item.id))).toEqual(
        new Set((await two.all('/organizations')).map((item) => item.id)),
      );
      for (const id of ids) expect((await two.get(`/organizations/${id}`)).status).toBe(200);
      one.server.close();
      two.server.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('environments', () => {
  it('never see each other’s data', async () => {
    const client = new LocalClient({ autoEnvironments: true });
    const [a, b] = [{ key: 'sk_test_a' }, { key: 'sk_test_b' }];
    const made = (await client.post('/organizations', { name: 'A', external_id: 'x' }, a)).body;
    expect((await client.get('/organizations', b)).body.data).toEqual([]);
    expect((await client.get('/events', b)).body.data).toEqual([]);
    expect((await client.get(`/organizations/${made.id}`, b)).status).toBe(404);
    expect((await client.get('/organizations/external_id/x', b)).status).toBe(404);
    expect((await client.put(`/organizations/${made.id}`, { name: 'B' }, b)).status).toBe(404);
    expect((await client.delete(`/organizations/${made.id}`, b)).status).toBe(404);
    expect((await client.post('/organizations', { name: 'B', external_id: 'x' }, b)).status).toBe(201);
    expect((await client.get('/organizations', a)).body.data).toEqual([made]);
  });

  it('open themselves only for test keys, and only when asked to', async () => {
    const client = new LocalClient({ autoEnvironments: true });
    expect((await client.get('/organizations', { key: 'sk_live_a' })).status).toBe(401);
    expect((await client.get('/organizations', { key: 'sk_test_a' })).body.data).toEqual([]);
  });
});

describe('the seed data', () => {
  it('is the same in every new database', async () => {
    const read = async () => {
      const server = openLocalServer({ database: ':memory:', manifest, clock: new ManualClock() });
      const answer = await server.handle({
        method: 'GET',
        path: '/organizations',
        headers: { authorization: `Bearer ${localAccount.apiKey}` },
        body: null,
      });
      return answer.body;
    };
    expect(await read()).toBe(await read());
  });
});

describe('the catalogue', () => {
  it('names only operations of the document', () => {
    const known = new Set(manifest.index.operations.map((operation) => operation.operationId));
    expect(new Catalogue().operationIds.filter((id) => !known.has(id))).toEqual([]);
  });

  it('refuses two handlers for one operation', () => {
    const handler = () => null;
    expect(
      () => new Catalogue([{ EventsController_list: handler }, { EventsController_list: handler }]),
    ).toThrow('EventsController_list');
  });
});
