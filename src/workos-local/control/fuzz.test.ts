import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LocalClient } from '../testing/local-client.ts';
import { Chance, nearValue } from '../testing/odd-values.ts';
import { PageClient } from '../testing/page-client.ts';
import { exportState } from './export.ts';

let folder: string;
let client: LocalClient;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kosmo-fuzz-'));
  client = new LocalClient({ database: join(folder, 'workos.db') });
});
afterAll(() => {
  client.server.close();
  rmSync(folder, { recursive: true, force: true });
});

const text = { type: 'string' };
const fault = {
  operation: text,
  environment: text,
  status: { type: 'integer' },
  drop: { enum: ['request', 'answer'] },
};
const entry = {
  type: 'object',
  properties: { as: text, name: text, email: text, method: text, path: text, body: {} },
};
const entries = { type: 'array', items: entry };
const posts: Readonly<Record<string, object>> = {
  '/environments': { type: 'object', properties: { name: text, api_key: text } },
  '/clock': {
    type: 'object',
    properties: { change: { enum: ['+1m', '-1m', 'reset', '+1w1w', '2030-01-01', '+-1'] } },
  },
  '/faults': {
    type: 'object',
    properties: { ...fault, times: { type: 'integer' }, latency: { enum: [0, -1, '1'] } },
  },
  '/dns': { type: 'object', properties: { name: text, text, environment: text } },
  '/seed': { type: 'object', properties: { organizations: entries, users: entries, requests: entries } },
  '/reset': { type: 'object', properties: { environment: text, empty: { type: 'boolean' } } },
  '/snapshots/x/restore': { type: 'object' },
};

it('whatever is posted to the control API, it answers with an error that says what, and keeps its state whole', async () => {
  const chance = new Chance(20261125);
  for (let round = 0; round < 20; round += 1) {
    for (const [path, schema] of Object.entries(posts)) {
      const body = JSON.stringify(nearValue(schema, () => ({}), chance)) ?? '';
      const where = `${path} ${body.slice(0, 300)}`;
      const answer = await client.server.handle({
        method: 'POST',
        path: `/_local/api${path}`,
        headers: { 'content-type': 'application/json' },
        body: chance.next() < 0.1 ? body.slice(0, -1) : body,
      });
      expect(answer.status, `${where} → ${answer.body}`).toBeLessThan(500);
      if (answer.status >= 400) expect(JSON.parse(answer.body), where).toHaveProperty('message');
    }
  }
  expect(exportState(client.server.host).tables['environments']?.length).toBeGreaterThan(0);
  await client.server.handle({ method: 'DELETE', path: '/_local/api/faults', headers: {}, body: null });
  expect((await client.get('/organizations')).status).toBe(200);
});

it('no state that was changed by hand breaks the one that is there', async () => {
  const { host } = client.server;
  const before = exportState(host);
  const chance = new Chance(7);
  const odd = [null, 1, 'x', {}, [], { $bytes: 'AAAA' }, { $bytes: 1 }];
  for (let round = 0; round < 25; round += 1) {
    const state = structuredClone(before) as unknown as {
      schema: unknown[];
      tables: Record<string, Record<string, unknown>[]>;
    };
    const table = chance.pick(
      Object.keys(state.tables).filter((name) => (state.tables[name]?.length ?? 0) > 0),
    );
    const row = chance.pick(state.tables[table] ?? []);
    row[chance.pick(Object.keys(row))] = chance.pick(odd);
    const answer = await client.server.handle({
      method: 'POST',
      path: '/_local/api/seed',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(state),
    });
    expect([200, 400], `${table} → ${answer.body}`).toContain(answer.status);
    if (answer.status === 200) await restore();
    else expect(exportState(host)).toEqual(before);
  }
  async function restore(): Promise<void> {
    const answer = await client.server.handle({
      method: 'POST',
      path: '/_local/api/seed',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(before),
    });
    expect(answer.status).toBe(200);
  }
});

it('whatever stands in an address or a form of the console, the answer is a page', async () => {
  const visitor = new PageClient(client.server);
  const odd = [
    '',
    '%',
    '%00',
    '\u{1f701}',
    "'; DROP TABLE users; --",
    '<script>',
    '../..',
    'x'.repeat(3000),
    '-1',
    '1e9',
    'NaN',
  ];
  for (const value of odd) {
    const encoded = encodeURIComponent(value);
    for (const path of [
      `/data/users?search=${encoded}`,
      `/data/users?offset=${encoded}`,
      `/data/users/${encoded}`,
      `/data/${encoded}`,
      `/events?event=${encoded}&before=${encoded}`,
      `/inbox?to=${encoded}`,
      `/?environment=${encoded}`,
      `/requests/${encoded}`,
    ]) {
      const page = await visitor.get(`/_local${path}`);
      expect([path, page.status < 500, page.$('script').length]).toEqual([path, true, 0]);
    }
    for (const [place, name] of [
      ['/environments', 'name'],
      ['/clock', 'change'],
      ['/faults', 'operation'],
      ['/faults', 'latency'],
    ] as const) {
      const shown = await visitor.get(`/_local${place}`);
      const form = `form:has(#field-${name})`;
      const page = await visitor.submit(shown, { form, fields: { [name]: value } });
      expect([place, value, page.status < 500]).toEqual([place, value, true]);
    }
  }
});
