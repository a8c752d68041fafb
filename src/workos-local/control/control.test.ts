import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database, migrate } from '../../sqlite/index.ts';
import { failureOf } from '../../support/errors.ts';
import { localAccount } from '../index.ts';
import { minute } from '../kit/clock.ts';
import { schema } from '../schema/migrations.ts';
import { LocalClient } from '../testing/local-client.ts';
import { moveClock, readClock } from './clock.ts';
import { listDns, removeDns, setDns } from './dns.ts';
import { parseDuration } from './duration.ts';
import { createEnvironment, deleteEnvironment, findEnvironment, listEnvironments } from './environments.ts';
import { exportState, importState } from './export.ts';
import { clearInbox, readInbox } from './inbox.ts';
import { resetAll, resetEnvironment } from './reset.ts';
import { loadSeed } from './seed-file.ts';
import { deleteSnapshot, listSnapshots, restoreSnapshot, saveSnapshot } from './snapshots.ts';
import { stateTables } from './tables.ts';

let folder: string;
let client: LocalClient;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kosmo-control-'));
  client = new LocalClient({ database: join(folder, 'workos.db') });
});
afterEach(() => {
  client.server.close();
  rmSync(folder, { recursive: true, force: true });
});

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return failureOf(error).code;
  }
  return 'none';
}

const names = async (from = client) =>
  (await from.all('/organizations?order=asc')).map(({ name }: { name: string }) => name);

describe('environments', () => {
  it('are made empty, apart from each other, and found by any of their names', async () => {
    const { host } = client.server;
    const made = createEnvironment(host, { name: 'Checkout tests' });
    expect(made.api_key).toMatch(/^sk_test_\w{32}$/);
    expect(await client.all('/organizations')).toHaveLength(3);
    expect((await client.get('/organizations', { key: made.api_key })).body.data).toEqual([]);
    for (const given of [made.id, made.client_id, made.api_key, 'checkout TESTS']) {
      expect(findEnvironment(host, given).id).toBe(made.id);
    }
    expect(findEnvironment(host, undefined).client_id).toBe(localAccount.clientId);
    expect(listEnvironments(host).map(({ name }) => name)).toEqual(['Default', 'Checkout tests']);
    deleteEnvironment(host, made);
    expect((await client.get('/organizations', { key: made.api_key })).status).toBe(401);
  });

  it('take a key of one’s own, once', () => {
    const { host } = client.server;
    expect(createEnvironment(host, { apiKey: 'sk_test_mine' }).api_key).toBe('sk_test_mine');
    expect(codeOf(() => createEnvironment(host, { apiKey: 'sk_test_mine' }))).toBe('usage');
    expect(codeOf(() => createEnvironment(host, { apiKey: 'mine' }))).toBe('usage');
    expect(codeOf(() => findEnvironment(host, 'nowhere'))).toBe('unknown_environment');
  });
});

describe('the clock', () => {
  it('moves what expires, in every process that serves the file', async () => {
    const other = new LocalClient({ database: join(folder, 'workos.db'), clock: client.clock });
    const { host } = client.server;
    const [invitation] = (await client.get('/user_management/invitations')).body.data;
    expect(invitation.state).toBe('pending');
    const before = readClock(host);
    const after = moveClock(host, '+8d');
    expect(Date.parse(after.now) - Date.parse(before.now)).toBe(8 * 24 * 60 * minute);
    const seen = (await other.get(`/user_management/invitations/${invitation.id}`)).body;
    expect(seen.state).toBe('expired');
    moveClock(host, 'reset');
    expect(readClock(other.server.host)).toEqual(before);
    other.server.close();
  });

  it('goes to a moment, backwards too, and says what it does not understand', () => {
    const { host } = client.server;
    expect(moveClock(host, '2031-01-02T03:04:05Z').now).toBe('2031-01-02T03:04:05.000Z');
    expect(moveClock(host, '-1h30m').now).toBe('2031-01-02T01:34:05.000Z');
    for (const odd of ['', '11m', '+', '+11', 'tomorrow', '+9999999d', '2026-13-01', '1969-01-01']) {
      expect([odd, codeOf(() => moveClock(host, odd))]).toEqual([odd, odd === '+11' ? 'none' : 'usage']);
    }
  });

  it('reads durations', () => {
    expect(['500ms', '90s', '1.5h', '1d12h', '2w', '40'].map(parseDuration)).toEqual([
      500, 90_000, 5_400_000, 129_600_000, 1_209_600_000, 40,
    ]);
    expect(['', 'm', '1x', '1 m', '-1m', '1m-'].map(parseDuration)).toEqual(Array(6).fill(null));
  });
});

describe('the local DNS', () => {
  it('verifies the domain whose token is set, and lists and removes records', async () => {
    const { host } = client.server;
    const environment = findEnvironment(host, undefined);
    const [organization] = await client.all('/organizations');
    const { body: domain } = await client.post('/organization_domains', {
      organization_id: organization.id,
      domain: 'dns.example',
    });
    const record = {
      name: `${domain.verification_prefix}.dns.example`,
      text: domain.verification_token as string,
    };
    expect(setDns(host, environment, { ...record, name: `${record.name.toUpperCase()}.` })).toEqual(record);
    setDns(host, environment, record);
    expect(listDns(host, environment)).toEqual([record]);
    expect((await client.post(`/organization_domains/${domain.id}/verify`)).body.state).toBe('verified');
    expect(removeDns(host, environment, record.name, 'another')).toBe(0);
    expect(removeDns(host, environment, record.name)).toBe(1);
    expect(listDns(host, environment)).toEqual([]);
  });
});

describe('the inbox', () => {
  it('tells what was sent to whom, and what is new', async () => {
    const { host } = client.server;
    const environment = findEnvironment(host, undefined);
    const before = readInbox(host, environment);
    await client.post('/user_management/invitations', { email: 'New@Example.com' });
    const [mail, ...more] = readInbox(host, environment, { after: before.at(-1)?.id ?? '' });
    expect([mail?.recipient, mail?.kind, more]).toEqual(['New@Example.com', 'invitation', []]);
    expect(readInbox(host, environment, { to: 'new@example.com' })).toEqual([mail]);
    expect(readInbox(host, environment, { limit: 1 })).toEqual([mail]);
    expect(readInbox(host, environment, { kind: 'nothing' })).toEqual([]);
    expect(clearInbox(host, environment)).toBe(before.length + 1);
    expect(readInbox(host, environment)).toEqual([]);
  });
});

describe('snapshots', () => {
  it('bring back the whole state, while it is served', async () => {
    const { host } = client.server;
    const seeded = await names();
    const saved = saveSnapshot(host, 'before');
    expect(saved).toMatchObject({ name: 'before' });
    expect(saved.bytes).toBeGreaterThan(10_000);
    await client.post('/organizations', { name: 'Later' });
    createEnvironment(host, { apiKey: 'sk_test_later' });
    expect(await names()).toEqual([...seeded, 'Later']);
    restoreSnapshot(host, 'before');
    expect(await names()).toEqual(seeded);
    expect((await client.get('/organizations', { key: 'sk_test_later' })).status).toBe(401);
    expect(listSnapshots(host)).toEqual([saved]);
    expect((await client.post('/organizations', { name: 'And on' })).status).toBe(201);
    deleteSnapshot(host, 'before');
    expect(listSnapshots(host)).toEqual([]);
  });

  it('have names that are no paths, and say when there is none', () => {
    const { host } = client.server;
    for (const odd of ['../x', '', '.x', 'a/b', 'x'.repeat(200)]) {
      expect(codeOf(() => saveSnapshot(host, odd))).toBe('usage');
    }
    expect(codeOf(() => restoreSnapshot(host, 'never'))).toBe('unknown_snapshot');
    expect(codeOf(() => deleteSnapshot(host, 'never'))).toBe('unknown_snapshot');
    expect(codeOf(() => saveSnapshot(new LocalClient().server.host, 'x'))).toBe('usage');
  });
});

describe('the exported state', () => {
  it('is JSON that makes another server the same', async () => {
    const { host } = client.server;
    createEnvironment(host, { name: 'Second', apiKey: 'sk_test_second' });
    await client.post('/organizations', { name: 'Zürich 🜁' }, { key: 'sk_test_second' });
    moveClock(host, '+1h');
    const state = JSON.parse(JSON.stringify(exportState(host)));
    const other = new LocalClient({ clock: client.clock });
    expect(await loadSeed(other.server.host, findEnvironment(other.server.host, undefined), state)).toEqual({
      requests: 0,
    });
    expect(exportState(other.server.host)).toEqual(state);
    expect(await other.events()).toEqual(await client.events());
    expect((await other.get('/organizations', { key: 'sk_test_second' })).body.data[0].name).toBe('Zürich 🜁');
  });

  it('of an older schema is brought up, and one that does not fit changes nothing', async () => {
    const { host } = client.server;
    const state = exportState(host);
    // As it was before there was a clock to move.
    const older = state.schema.indexOf('control');
    const database = Database.open(':memory:');
    migrate(
      database,
      { ...schema, migrations: schema.migrations.slice(0, older) },
      '2026-01-01T00:00:00.000Z',
    );
    const known = stateTables(database);
    database.close();
    const tables = Object.fromEntries(Object.entries(state.tables).filter(([name]) => known.has(name)));
    expect(known.has('clock')).toBe(false);
    importState(host, { ...state, schema: state.schema.slice(0, older), tables });
    expect(await names()).toHaveLength(3);
    const before = exportState(host);
    const odd = [
      { ...state, schema: [...state.schema, 'tomorrow'] },
      { ...state, tables: { ...state.tables, nothing: [] } },
      { ...state, tables: { ...state.tables, organizations: [{ id: 'org_1' }] } },
      { ...state, tables: { ...state.tables, environments: [] } },
      { ...state, tables: { ...state.tables, organizations: [{ id: {} }] } },
      { kosmo_local_state: 2 },
      { kosmo_local_state: 1, schema: [], tables: {} },
    ];
    for (const broken of odd) {
      expect(codeOf(() => importState(host, broken as typeof state))).toBe('seed_invalid');
    }
    expect(exportState(host)).toEqual(before);
  });
});

describe('a seed file', () => {
  const file = {
    organizations: [{ as: 'acme', name: 'Acme' }],
    users: [{ as: 'ada', email: 'ada@acme.example', password: 'correct horse battery' }],
    memberships: [{ user_id: '{{ada.id}}', organization_id: '{{acme.id}}', role_slug: 'admin' }],
    requests: [
      { method: 'PUT', path: '/organizations/{{acme.id}}', body: { metadata: { owner: '{{ada.email}}' } } },
    ],
  };

  it('makes things by the API’s operations, in the environment that is named', async () => {
    const { host } = client.server;
    const environment = createEnvironment(host, { apiKey: 'sk_test_seeded' });
    expect(await loadSeed(host, environment, file)).toEqual({ requests: 4 });
    const [organization] = (await client.get('/organizations', { key: 'sk_test_seeded' })).body.data;
    expect(organization).toMatchObject({ name: 'Acme', metadata: { owner: 'ada@acme.example' } });
    const query = `/user_management/organization_memberships?organization_id=${organization.id}`;
    const { body } = await client.get(query, { key: 'sk_test_seeded' });
    expect(body.data[0].role.slug).toBe('admin');
    expect(await names()).toHaveLength(3);
  });

  it('that is refused names its entry and changes nothing', async () => {
    const { host } = client.server;
    const environment = findEnvironment(host, undefined);
    const before = exportState(host);
    const odd: [unknown, string][] = [
      [{ ...file, memberships: [{ user_id: '{{ada.id}}', organization_id: 'org_none' }] }, 'memberships.0'],
      [{ ...file, memberships: [{ user_id: '{{eve.id}}', organization_id: 'x' }] }, '{{eve.id}}'],
      [{ ...file, invitations: [{ email: 'no address' }] }, 'invitations.0'],
      [{ people: [] }, 'people'],
      [{ users: {} }, 'users'],
      [{ requests: [{ path: '/organizations', bdoy: {} }] }, 'requests.0'],
      [{ requests: [{ method: 'GET', path: '/organizations' }] }, 'requests.0'],
      [[], 'object'],
      ['x', 'object'],
    ];
    for (const [content, said] of odd) {
      const failure = await loadSeed(host, environment, content).then(
        () => null,
        (error: unknown) => failureOf(error),
      );
      expect(failure?.code).toBe('seed_invalid');
      expect(failure?.message).toContain(said);
    }
    expect(exportState(host)).toEqual(before);
  });
});

describe('a reset', () => {
  it('of everything leaves what the first start had', async () => {
    const { host } = client.server;
    const before = await names();
    createEnvironment(host, { apiKey: 'sk_test_other' });
    await client.post('/organizations', { name: 'Gone soon' });
    moveClock(host, '+1d');
    resetAll(host);
    expect(await names()).toEqual(before);
    expect(listEnvironments(host)).toHaveLength(1);
    expect(readClock(host).ahead_ms).toBe(0);
  });

  it('of one environment leaves the others, its key and its client id', async () => {
    const { host } = client.server;
    const other = createEnvironment(host, { apiKey: 'sk_test_other' });
    await client.post('/organizations', { name: 'Theirs' }, { key: 'sk_test_other' });
    await client.post('/organizations', { name: 'Ours' });
    resetEnvironment(host, findEnvironment(host, undefined), true);
    expect(await names()).toHaveLength(3);
    expect((await client.get('/organizations', { key: 'sk_test_other' })).body.data).toHaveLength(1);
    resetEnvironment(host, other, true);
    expect((await client.get('/organizations', { key: 'sk_test_other' })).body.data).toEqual([]);
    resetEnvironment(host, findEnvironment(host, undefined), false);
    expect(await names()).toEqual([]);
    expect(findEnvironment(host, undefined).client_id).toBe(localAccount.clientId);
  });
});
