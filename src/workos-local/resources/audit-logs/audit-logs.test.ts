import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day, minute } from '../../kit/clock.ts';
import { FileClient } from '../../testing/file-client.ts';
import type { Json } from '../../testing/local-client.ts';
import { auditLogOf } from './audit-log-events.ts';

let client: FileClient;
let organization: Json;
beforeEach(async () => {
  client = FileClient.open('sk_test_audit');
  organization = (await client.post('/organizations', { name: 'Northwind' })).body;
});
afterEach(() => client.close());

const schemasOf = (action: string) => `/audit_logs/actions/${action}/schemas`;
const define = (action: string, schema: object) => client.post(schemasOf(action), schema);
const event = (changes: object = {}): Json => ({
  action: 'document.shared',
  occurred_at: new Date(client.clock.now()).toISOString(),
  actor: { type: 'user', id: 'user_1', name: 'Ada' },
  targets: [{ type: 'document', id: 'd1' }],
  context: { location: '203.0.113.7', user_agent: 'curl/8' },
  ...changes,
});
const add = (changes: object = {}, headers: Record<string, string> = {}) =>
  client.post('/audit_logs/events', { organization_id: organization.id, event: event(changes) }, { headers });
const log = () => auditLogOf(client.context(), organization.id);
const simple = { targets: [{ type: 'document' }, { type: 'user' }] };

describe('the schemas of an action', () => {
  it('are versions that stay as they are, the latest with the action in the list', async () => {
    const first = await define('document.shared', simple);
    expect([first.status, first.body.version]).toEqual([201, 1]);
    client.clock.advance(1000);
    const metadata = { type: 'object', properties: { pages: { type: 'integer' } } };
    const second = (await define('document.shared', { ...simple, actor: { metadata }, metadata })).body;
    expect(second).toMatchObject({ version: 2, metadata, actor: { metadata }, targets: simple.targets });
    await define('user.left', simple);
    expect(await client.all(schemasOf('document.shared'))).toEqual([second, first.body]);
    const actions = await client.all('/audit_logs/actions');
    expect(actions.map(({ name, schema }) => [name, schema.version])).toEqual([
      ['user.left', 1],
      ['document.shared', 2],
    ]);
    expect(await client.all('/audit_logs/actions', 1)).toEqual(actions);
    expect((await client.get(schemasOf('none'))).status).toBe(404);
  });

  it('must be JSON Schemas that stand by themselves, and name a target', async () => {
    expect((await define('a', { targets: [] })).status).toBe(422);
    const reference = { $ref: 'https://elsewhere.example/schema' };
    const bad = await define('a', { targets: [{ type: 'x', metadata: reference }] });
    expect(bad).toMatchObject({ status: 422, body: { errors: [{ field: 'targets.0.metadata' }] } });
    const pattern = { type: 'object', properties: {}, propertyNames: { pattern: '(' } };
    expect((await define('a', { ...simple, metadata: pattern })).status).toBe(422);
    const patterns = { type: 'object', patternProperties: { '[': {} } };
    expect((await define('a', { ...simple, actor: { metadata: patterns } })).status).toBe(422);
    expect((await define('x'.repeat(256), simple)).status).toBe(422);
  });
});

describe('an event', () => {
  beforeEach(async () => {
    await define('document.shared', simple);
  });

  it('is kept in the audit log of its organization, the latest first', async () => {
    expect(await add()).toMatchObject({ status: 200, body: { success: true } });
    client.clock.advance(minute);
    await add({ targets: [{ type: 'user', id: 'u' }], metadata: { pages: 3 } });
    expect(log().map(({ targets, metadata, version }) => [targets[0]?.type, metadata, version])).toEqual([
      ['user', { pages: 3 }, 1],
      ['document', undefined, 1],
    ]);
    const elsewhere = { organization_id: 'org_none', event: event() };
    expect((await client.post('/audit_logs/events', elsewhere)).status).toBe(404);
  });

  it('must have an action that is defined, and targets that its schema names', async () => {
    const places = async (changes: object) => {
      const { status, body } = await add(changes);
      expect([status, body.code]).toEqual([400, 'invalid_audit_log_event']);
      return body.errors.map(({ instancePath }: Json) => instancePath);
    };
    expect(await places({ action: 'document.exploded' })).toEqual(['/action']);
    expect(await places({ version: 2 })).toEqual(['/version']);
    expect(await places({ targets: [] })).toEqual(['/targets']);
    const targets = [
      { type: 'document', id: '1' },
      { type: 'planet', id: '2' },
    ];
    expect(await places({ targets })).toEqual(['/targets/1/type']);
    expect(log()).toEqual([]);
  });

  it('follows the first version of its schema, or the one it names, down to its metadata', async () => {
    const text = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
    await define('document.shared', {
      targets: [{ type: 'document', metadata: text }],
      actor: { metadata: text },
      metadata: { type: 'object', properties: { pages: { type: 'integer' } }, additionalProperties: false },
    });
    expect((await add()).status).toBe(200);
    const bad = await add({ version: 2, metadata: { pages: 'three', size: 1 } });
    expect(bad.status).toBe(400);
    expect(bad.body.errors.map(({ instancePath }: Json) => instancePath)).toEqual(
      expect.arrayContaining(['/targets/0/metadata', '/actor/metadata', '/metadata/pages']),
    );
    const good = await add({
      version: 2,
      actor: { type: 'user', id: 'u', metadata: { name: 'Ada' } },
      targets: [{ type: 'document', id: 'd', metadata: { name: 'Plan' } }],
      metadata: { pages: 3 },
    });
    expect(good.status).toBe(200);
  });

  it('keeps to the limits of metadata, and needs its parts', async () => {
    const fields = async (changes: object) =>
      (await add(changes)).body.errors.map(({ field }: Json) => field);
    expect(await fields({ metadata: { text: 'x'.repeat(501) } })).toContain('event.metadata.text');
    expect((await add({ metadata: { ['k'.repeat(41)]: 1 } })).status).toBe(422);
    expect(await fields({ occurred_at: 'yesterday' })).toEqual(['event.occurred_at']);
    expect(await fields({ actor: undefined })).toEqual(['event.actor']);
  });

  it('with an idempotency key is kept once', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const first = await add({}, headers);
    expect((await add({}, headers)).body).toEqual(first.body);
    expect(log()).toHaveLength(1);
    expect((await add({ targets: [{ type: 'user', id: 'u' }] }, headers)).status).toBe(409);
  });

  it('without an idempotency key is its own key: the same again within a day is the same event', async () => {
    await add({ metadata: { page: 1 } });
    expect((await add({ metadata: { page: 1 } })).body).toEqual({ success: true });
    expect(log()).toHaveLength(1);
    await add({ metadata: { page: 2 } });
    await add({ metadata: { page: 1 } }, { 'idempotency-key': 'k1' });
    expect(log()).toHaveLength(3);
    client.clock.advance(day + 1);
    await add({ metadata: { page: 1 } });
    expect(log()).toHaveLength(4);
  });

  it('is kept for 30 days, or for as long as the organization chose', async () => {
    await add();
    client.clock.advance(29 * day);
    expect(log()).toHaveLength(1);
    client.clock.advance(2 * day);
    expect(log()).toEqual([]);
    const path = `/organizations/${organization.id}/audit_logs_retention`;
    await client.put(path, { retention_period_in_days: 365 });
    // What was past the old period is gone for good.
    expect(log()).toEqual([]);
    await add();
    client.clock.advance(364 * day);
    expect(log()).toHaveLength(1);
    client.clock.advance(2 * day);
    expect(log()).toEqual([]);
  });
});

describe('an export', () => {
  beforeEach(async () => {
    await define('document.shared', simple);
    await define('user.left', simple);
  });

  const range = () => ({
    organization_id: organization.id,
    range_start: new Date(client.clock.now() - day).toISOString(),
    range_end: new Date(client.clock.now() + day).toISOString(),
  });
  const create = (more: object = {}) => client.post('/audit_logs/exports', { ...range(), ...more });
  /** What the URL gives, as a client outside gets it. */
  async function download(url: string): Promise<{ status: number; text: string; type: string | null }> {
    const answer = await client.server.fetch(new Request(url));
    return {
      status: answer.status,
      text: await answer.text(),
      type: answer.headers.get('content-type'),
    };
  }
  async function exported(more: object = {}): Promise<string[]> {
    const { body } = await create(more);
    const { url } = (await client.get(`/audit_logs/exports/${body.id}`)).body;
    const { text } = await download(url);
    return text.trim().split('\n').slice(1);
  }

  it('is pending, then ready as a CSV file at a URL that ends after ten minutes', async () => {
    await add({ actor: { type: 'user', id: 'u', name: 'Ada "The Count", Lovelace' } });
    const { status, body: pending } = await create();
    expect([status, pending.state, pending.url]).toEqual([201, 'pending', undefined]);
    const { body: ready } = await client.get(`/audit_logs/exports/${pending.id}`);
    expect(ready).toEqual({ ...pending, state: 'ready', url: ready.url });
    const file = await download(ready.url);
    expect([file.status, file.type]).toEqual([200, 'text/csv; charset=utf-8']);
    const [header, row] = file.text.split('\n');
    expect(header).toBe(
      'id,action,version,occurred_at,actor_type,actor_id,actor_name,actor_metadata,targets,location,user_agent,metadata',
    );
    expect(row).toContain(',document.shared,1,');
    expect(row).toContain('"Ada ""The Count"", Lovelace"');
    expect(row).toContain('"[{""type"":""document"",""id"":""d1""}]"');
    client.clock.advance(10 * minute);
    expect((await download(ready.url)).status).toBe(403);
    const { url } = (await client.get(`/audit_logs/exports/${pending.id}`)).body;
    expect((await download(url)).text).toBe(file.text);
  });

  it('has a URL that cannot be made up', async () => {
    const { body } = await create();
    const { url } = (await client.get(`/audit_logs/exports/${body.id}`)).body;
    const later = new URL(url);
    later.searchParams.set('expires', String(client.clock.now() + day));
    expect((await download(later.href)).status).toBe(404);
    const other = new URL(url);
    other.pathname = other.pathname.replace(body.id, (await create()).body.id);
    expect((await download(other.href)).status).toBe(404);
    expect((await download(url.split('?')[0])).status).toBe(404);
  });

  it('holds what was there when it was asked for, within the range', async () => {
    await add();
    await add({ occurred_at: new Date(client.clock.now() - 2 * day).toISOString() });
    const { body } = await create();
    await add();
    const { url } = (await client.get(`/audit_logs/exports/${body.id}`)).body;
    expect((await download(url)).text.trim().split('\n')).toHaveLength(2);
  });

  it('can be narrowed to actions, actors by name or id, and types of target', async () => {
    await add();
    await add({ actor: { type: 'user', id: 'user_2', name: 'Bob' }, targets: [{ type: 'user', id: 'u' }] });
    await add({ action: 'user.left', actor: { type: 'system', id: 'cron' } });
    expect(await exported()).toHaveLength(3);
    expect(await exported({ actions: ['user.left'] })).toHaveLength(1);
    expect(await exported({ actor_names: ['Ada'], actors: ['Bob'] })).toHaveLength(2);
    expect(await exported({ actor_ids: ['cron'] })).toHaveLength(1);
    expect(await exported({ targets: ['user'] })).toHaveLength(1);
    expect(await exported({ targets: ['user'], actor_names: ['Ada'] })).toEqual([]);
  });

  it('gives the program that opens it no formula', async () => {
    await add({ actor: { type: 'user', id: 'u', name: '=HYPERLINK("https://bad.example")' } });
    const [row] = await exported();
    expect(row).not.toContain(',=');
    expect(row).not.toContain(',"=');
  });

  it('needs a range that is one, and an organization', async () => {
    for (const bad of [
      { range_start: 'x' },
      { range_end: range().range_start },
      { range_end: '+275760-09-13' },
    ]) {
      const reply = await create(bad);
      expect(reply).toMatchObject({
        status: 400,
        body: { code: 'invalid_audit_log_export_range_date' },
      });
    }
    expect((await create({ organization_id: 'org_none' })).status).toBe(404);
    expect((await client.get('/audit_logs/exports/audit_log_export_none')).status).toBe(404);
  });
});
