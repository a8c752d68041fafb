import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAccount } from '../index.ts';
import { type Listening, listen } from '../server.ts';
import { type Json, LocalClient } from '../testing/local-client.ts';
import { exportState } from './export.ts';
import { RequestLog } from './request-log.ts';

let folder: string;
let client: LocalClient;
let listening: Listening;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kosmo-api-'));
  client = new LocalClient({ database: join(folder, 'workos.db'), requests: new RequestLog(50) });
  listening = await listen(client.server, { port: 0 });
});
afterAll(async () => {
  await listening.close();
  client.server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(method: string, path: string, body?: Json, headers: Record<string, string> = {}) {
  const answer = await fetch(`${listening.url}/_local/api${path}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
  return { status: answer.status, body: (await answer.json()) as Json };
}

describe('the control API', () => {
  it('makes, lists and deletes environments', async () => {
    const made = await ask('POST', '/environments', { name: 'From Ruby' });
    expect([made.status, made.body.name]).toEqual([201, 'From Ruby']);
    expect((await client.get('/organizations', { key: made.body.api_key })).body.data).toEqual([]);
    expect((await ask('GET', '/environments')).body.environments).toHaveLength(2);
    expect((await ask('DELETE', `/environments/${made.body.id}`)).body).toEqual({ deleted: made.body.id });
    expect((await ask('DELETE', `/environments/${made.body.id}`)).status).toBe(404);
  });

  it('sets where users of Connect applications sign in', async () => {
    const uri = 'https://app.example/login';
    expect((await ask('PUT', '/connect/login_uri', { uri })).body).toEqual({ login_uri: uri });
    expect((await ask('PUT', '/connect/login_uri', { uri: null })).body).toEqual({ login_uri: null });
    expect((await ask('PUT', '/connect/login_uri', { uri: 'javascript:alert(1)' })).status).toBe(400);
    expect((await ask('PUT', '/connect/login_uri', {})).status).toBe(400);
  });

  it('changes how users sign in, and begins a session as one of them', async () => {
    expect((await ask('GET', '/settings')).body).toMatchObject({ mfa: 'optional', inactivity_timeout: null });
    const changed = await ask('POST', '/settings', { mfa: 'required', password: false, session_length: 60 });
    expect(changed.body).toMatchObject({ mfa: 'required', password: false, session_length: 60 });
    expect((await ask('GET', '/settings')).body).toEqual(changed.body);
    expect((await ask('POST', '/settings', { mfa: 'perhaps' })).status).toBe(400);
    expect((await ask('POST', '/settings', { mfas: 'off' })).status).toBe(400);
    expect((await ask('DELETE', '/settings')).body).toMatchObject({ mfa: 'optional', password: true });
    const made = await ask('POST', '/impersonations', {
      user: 'lucia@juniperfinch.example',
      reason: 'Ticket 4711',
    });
    expect([made.status, made.body.url]).toEqual([201, expect.stringContaining(made.body.code)]);
    expect((await ask('POST', '/impersonations', { user: 'user_123' })).status).toBe(400);
    expect((await ask('POST', '/impersonations', { user: 'user_none', reason: 'x' })).status).toBe(400);
  });

  it('moves the clock, sets faults and DNS records', async () => {
    expect((await ask('POST', '/clock', { change: '+1h' })).body.ahead_ms).toBe(3_600_000);
    expect((await ask('POST', '/clock', { change: 'reset' })).body).toEqual(
      (await ask('GET', '/clock')).body,
    );
    const fault = await ask('POST', '/faults', { operation: 'list_organizations', status: 429, times: 2 });
    expect([fault.status, (await client.get('/organizations')).status]).toEqual([201, 429]);
    expect((await ask('GET', '/faults')).body.faults).toMatchObject([{ id: fault.body.id, remaining: 1 }]);
    expect((await ask('DELETE', `/faults/${fault.body.id}`)).body).toEqual({ cleared: 1 });
    expect((await ask('DELETE', '/faults')).body).toEqual({ cleared: 0 });
    const record = { name: 'a.example', text: 'x=1' };
    expect((await ask('POST', '/dns', record)).body).toEqual(record);
    expect((await ask('GET', '/dns')).body).toEqual({ records: [record] });
    expect((await ask('DELETE', '/dns/a.example')).body).toEqual({ removed: 1 });
  });

  it('seeds, exports, resets and snapshots', async () => {
    expect((await ask('PUT', '/snapshots/clean')).status).toBe(201);
    const seeded = await ask('POST', '/seed?environment=Default', { organizations: [{ name: 'Seeded' }] });
    expect(seeded.body).toEqual({ requests: 1 });
    const { body: state } = await ask('GET', '/export');
    expect(state).toEqual(exportState(client.server.host));
    expect((await ask('POST', '/reset', {})).body).toEqual({ reset: 'all' });
    expect(await client.all('/organizations')).toHaveLength(3);
    expect((await ask('POST', '/seed', state)).status).toBe(200);
    expect(await client.all('/organizations')).toHaveLength(4);
    expect((await ask('POST', '/snapshots/clean/restore', {})).body.name).toBe('clean');
    expect(await client.all('/organizations')).toHaveLength(3);
    expect((await ask('GET', '/snapshots')).body.snapshots).toMatchObject([{ name: 'clean' }]);
    expect((await ask('DELETE', '/snapshots/clean')).status).toBe(200);
    await ask('POST', '/reset', { environment: 'Default', empty: true });
    expect(await client.all('/organizations')).toEqual([]);
    await ask('POST', '/reset', { environment: 'Default' });
  });

  it('waits for a mail', async () => {
    const { mails } = (await ask('GET', '/inbox')).body;
    const waiting = ask('GET', `/inbox?to=late@example.com&after=${mails.at(-1).id}&wait=20`);
    await client.post('/user_management/invitations', { email: 'late@example.com' });
    expect((await waiting).body.mails).toMatchObject([{ recipient: 'late@example.com', kind: 'invitation' }]);
    expect((await ask('GET', '/inbox?to=nobody@example.com')).body).toEqual({ mails: [] });
    expect((await ask('DELETE', '/inbox')).body.cleared).toBeGreaterThan(0);
  });

  it('shows the last requests with their answers and without their secrets', async () => {
    await ask('DELETE', '/requests');
    const headers = { authorization: `Bearer ${localAccount.apiKey}`, 'content-type': 'application/json' };
    const post = (path: string, body: Json) =>
      fetch(`${listening.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    await post('/user_management/users', { email: 'logged@example.com', password: 'a very good one, that' });
    await post('/user_management/invitations', { email: 'linked@example.com' });
    await fetch(`${listening.url}/sso/authorize?client_id=client_localhost&code_challenge=c&code=s3cret`);
    await post('/organizations', { token: 's3cret', name: 'n'.repeat(20_000) });
    const { requests } = (await ask('GET', '/requests')).body;
    expect(requests.map(({ method, status }: Json) => [method, status])).toEqual([
      ['POST', 201],
      ['GET', expect.any(Number)],
      ['POST', 201],
      ['POST', 201],
    ]);
    const shown = JSON.stringify(requests);
    for (const secret of [localAccount.apiKey, 'a very good one, that', 's3cret'])
      expect(shown).not.toContain(secret);
    const invitation = (await client.get('/user_management/invitations?email=linked@example.com')).body
      .data[0];
    expect(shown).not.toContain(invitation.token);
    expect(shown).toContain('logged@example.com');
    expect((await ask('GET', '/requests?limit=1')).body.requests).toHaveLength(1);
    expect(requests[0].id).toMatch(/^req_/);
  });

  it('lists webhook deliveries, sends them again, and brings people into a directory', async () => {
    await client.post('/webhook_endpoints', {
      endpoint_url: 'http://127.0.0.1:9/',
      events: ['organization.created'],
    });
    await client.post('/organizations', { name: 'Hooked' });
    const { deliveries } = (await ask('GET', '/webhooks/deliveries?limit=5')).body;
    expect(deliveries).toMatchObject([{ event: 'organization.created' }]);
    const again = await ask('POST', `/webhooks/deliveries/${deliveries[0].id}/redeliver`, {});
    expect(again.status).toBe(201);
    expect((await ask('GET', '/webhooks/deliveries')).body.deliveries.map(({ id }: Json) => id)).toEqual([
      again.body.id,
      deliveries[0].id,
    ]);
    expect((await ask('GET', '/webhooks/deliveries?state=delivered')).body.deliveries).toEqual([]);
    expect((await ask('POST', '/webhooks/deliveries/none/redeliver', {})).status).toBe(404);
    const [directory] = (await client.get('/directories')).body.data;
    const csv = { 'content-type': 'text/csv' };
    const path = `/directories/${directory.id}/import`;
    const done = await ask('POST', path, 'email\nnew.person@example.com\n', csv);
    expect(done.body).toMatchObject({ users: { created: 1 } });
    expect((await ask('POST', path, 'name\nZoe\n', csv)).status).toBe(422);
    expect((await ask('POST', path, 'email\na@b.example\n', { 'content-type': 'text/plain' })).status).toBe(
      400,
    );
  });

  it('says what is wrong with a request', async () => {
    const odd: [string, string, Json, number, string][] = [
      ['POST', '/environments', { nmae: 'x' }, 400, 'usage'],
      ['POST', '/environments', [], 400, 'usage'],
      ['POST', '/environments', '{', 400, 'usage'],
      ['POST', '/clock', {}, 400, 'usage'],
      ['POST', '/clock', { change: 'now' }, 400, 'usage'],
      ['POST', '/faults', { status: '429' }, 400, 'usage'],
      ['POST', '/faults', { status: 500, operation: 'nothing' }, 404, 'unknown_function'],
      ['POST', '/faults', { status: 500, environment: 'nowhere' }, 404, 'unknown_environment'],
      ['POST', '/reset', { empty: true }, 400, 'usage'],
      ['POST', '/seed', { people: [] }, 400, 'seed_invalid'],
      ['GET', '/inbox?environment=nowhere', undefined, 404, 'unknown_environment'],
      ['GET', '/inbox?limit=many', undefined, 400, 'usage'],
      ['POST', '/snapshots/none/restore', {}, 404, 'unknown_snapshot'],
      ['GET', '/nothing', undefined, 404, 'not_found'],
    ];
    for (const [method, path, body, status, code] of odd) {
      const answer = await ask(method, path, body);
      expect([method, path, answer.status, answer.body.code]).toEqual([method, path, status, code]);
      expect(typeof answer.body.message).toBe('string');
    }
  });

  it('is closed to other machines, other names of this one, and pages of other sites', async () => {
    const request = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const status = async (more: object) =>
      (await client.server.handle({ ...request, path: '/_local/api/reset', ...more })).status;
    expect(await status({ isRemote: true })).toBe(403);
    expect(await status({ baseUrl: 'http://rebound.example' })).toBe(403);
    // What a page may send without asking has one of these types.
    expect(await status({ headers: { 'content-type': 'text/plain' } })).toBe(400);
    expect(await status({ headers: {} })).toBe(400);
    for (const baseUrl of [
      'http://localhost:1',
      'http://a.localhost',
      'http://[::1]:4100',
      'http://10.0.0.2:4100',
    ]) {
      expect(await status({ baseUrl })).toBe(200);
    }
  });
});
