import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Envelope, ended, envelopeOf, Kosmo } from './kosmo.ts';

// One server runs all along; the commands are other processes that act on its file.
let kosmo: Kosmo;
let server: ChildProcessWithoutNullStreams;
let about: Envelope;
beforeAll(async () => {
  kosmo = new Kosmo();
  server = kosmo.start(['local:start', '--port', '0', '--json']);
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  about = envelopeOf(line.toString());
});
afterAll(async () => {
  server.kill('SIGTERM');
  await ended(server);
  kosmo.remove();
});

async function json(...args: readonly string[]): Promise<Envelope> {
  const { status, stdout, stderr } = await kosmo.run([...args, '--json']);
  expect([status, stderr], stdout).toEqual([0, '']);
  return envelopeOf(stdout);
}

async function text(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await kosmo.run(args);
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

async function ask(method: string, path: string, body?: object, key = about['api_key'] as string) {
  const answer = await fetch(`${about['url']}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const content = await answer.text();
  return { status: answer.status, body: (content === '' ? {} : JSON.parse(content)) as Envelope };
}

describe('commands about a server that runs', () => {
  it('tell where it is served, and no longer when it has ended', async () => {
    const status = await json('local:status');
    expect(status).toMatchObject({ db: about['db'], environments: 1, faults: 0 });
    expect(status['servers']).toMatchObject([{ url: about['url'], pid: server.pid }]);
    expect(await text('local:status')).toContain(`served at     ${about['url']}`);
    const other = join(kosmo.home, 'other.db');
    expect((await json('local:status', '--db', other))['servers']).toEqual([]);
    const killed = kosmo.start(['local:start', '--port', '0', '--json', '--db', other]);
    await once(killed.stdout, 'data');
    expect((await json('local:status', '--db', other))['servers']).toHaveLength(1);
    killed.kill('SIGKILL');
    await ended(killed);
    expect((await json('local:status', '--db', other))['servers']).toEqual([]);
  });

  it('make environments that it opens at once', async () => {
    const made = await json('local:environment', 'create', 'Checkout tests');
    expect(made).toMatchObject({ name: 'Checkout tests', api_key: expect.stringMatching(/^sk_test_/) });
    expect((await ask('GET', '/organizations', undefined, made['api_key'])).body['data']).toEqual([]);
    const { environments } = await json('local:environment', 'list');
    expect(environments.map(({ name }: Envelope) => name)).toEqual(['Default', 'Checkout tests']);
    await json('local:environment', 'delete', 'checkout tests');
    expect((await ask('GET', '/organizations', undefined, made['api_key'])).status).toBe(401);
    const missing = await kosmo.run(['local:inbox', '--environment', 'Checkout tests']);
    expect([missing.status, missing.stderr]).toEqual([
      1,
      expect.stringContaining('no environment Checkout tests'),
    ]);
  });

  it('move its clock', async () => {
    const [invitation] = (await ask('GET', '/user_management/invitations')).body['data'];
    await json('local:clock', '+8d');
    expect((await ask('GET', `/user_management/invitations/${invitation.id}`)).body['state']).toBe('expired');
    expect(await text('local:clock', '--', '-8d')).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect((await json('local:clock', 'reset'))['ahead_ms']).toBe(0);
    expect((await ask('GET', `/user_management/invitations/${invitation.id}`)).body['state']).toBe('pending');
    const odd = await kosmo.run(['local:clock', 'tomorrow']);
    expect([odd.status, odd.stderr]).toEqual([2, expect.stringContaining('cannot be moved by tomorrow')]);
  });

  it('make its requests fail', async () => {
    await json('local:fault', 'add', '--operation', 'list_organizations', '--status', '429', '--times', '1');
    await text('local:fault', 'add', '--operation', 'POST /organizations', '--drop', '--latency', '10ms');
    expect((await json('local:fault', 'list'))['faults']).toMatchObject([
      { operation: 'workos_organizations_list', status: 429, remaining: 1 },
      { operation: 'workos_organizations_create', drops: 'request', latency: 10, remaining: null },
    ]);
    expect((await ask('GET', '/organizations')).status).toBe(429);
    expect((await ask('GET', '/organizations')).status).toBe(200);
    await expect(ask('POST', '/organizations', { name: 'X' })).rejects.toThrow();
    expect(await text('local:fault', 'clear')).toBe('Cleared 1.\n');
    expect((await ask('POST', '/organizations', { name: 'X' })).status).toBe(201);
    const unknown = await kosmo.run([
      'local:fault',
      'add',
      '--operation',
      'list_organisations',
      '--status',
      '500',
    ]);
    expect([unknown.status, unknown.stderr]).toEqual([
      1,
      expect.stringContaining('no operation list_organisations'),
    ]);
  });

  it('set the DNS record that verifies a domain', async () => {
    const { data } = (await ask('GET', '/organizations?order=asc')).body;
    const { body: domain } = await ask('POST', '/organization_domains', {
      organization_id: data[0].id,
      domain: 'commands.example',
    });
    const name = `${domain['verification_prefix']}.commands.example`;
    expect((await ask('POST', `/organization_domains/${domain['id']}/verify`)).body['state']).toBe('pending');
    await json('local:dns', 'set', name, domain['verification_token']);
    expect((await json('local:dns', 'list'))['records']).toEqual([
      { name, text: domain['verification_token'] },
    ]);
    expect((await ask('POST', `/organization_domains/${domain['id']}/verify`)).body['state']).toBe(
      'verified',
    );
    expect(await json('local:dns', 'remove', name)).toEqual({ removed: 1 });
  });

  it('change how users sign in, and sign in as one of them', async () => {
    expect(await text('local:settings', 'show')).toContain('mfa                     optional');
    const changed = await json('local:settings', 'set', 'mfa=required', 'session-length=12h');
    expect(changed).toMatchObject({ mfa: 'required', session_length: 43_200, password: true });
    expect(await json('local:settings', 'show')).toEqual(changed);
    expect(await json('local:settings', 'reset')).toMatchObject({ mfa: 'optional' });
    const link = await json(
      'local:impersonate',
      'lucia@juniperfinch.example',
      '--reason',
      'Ticket',
      '--by',
      'help@x.example',
    );
    const { body } = await ask('POST', '/user_management/authenticate', {
      grant_type: 'authorization_code',
      client_id: about['client_id'],
      client_secret: about['api_key'],
      code: link['code'],
    });
    expect(body).toMatchObject({
      user: { email: 'lucia@juniperfinch.example' },
      impersonator: { email: 'help@x.example', reason: 'Ticket' },
    });
    const plain = await text('local:impersonate', 'lucia@juniperfinch.example', '--reason', 'Ticket');
    expect(plain).toMatch(/^http:\/\/localhost:3000\/callback\?code=\w+\n$/);
  });

  it('show its mails, and go on showing them', async () => {
    const watching = kosmo.start(['local:inbox', '--watch', '--to', 'watched@example.com', '--json']);
    const lines = createInterface({ input: watching.stdout })[Symbol.asyncIterator]();
    await ask('POST', '/user_management/invitations', { email: 'watched@example.com' });
    const mail = JSON.parse((await lines.next()).value as string) as Envelope;
    expect(mail).toMatchObject({ kind: 'invitation', recipient: 'watched@example.com' });
    expect(mail['link']).toContain(about['url']);
    watching.kill('SIGINT');
    expect((await ended(watching)).status).toBe(0);
    expect((await json('local:inbox', '--kind', 'invitation'))['mails'].at(-1)).toEqual(mail);
    expect(await text('local:inbox', '--to', 'WATCHED@example.com')).toContain(`  link  ${mail['link']}`);
    expect((await json('local:inbox', '--clear'))['cleared']).toBeGreaterThan(0);
    expect(await text('local:inbox')).toBe('The inbox is empty.\n');
  });

  it('save and restore its state', async () => {
    const names = async () =>
      (await ask('GET', '/organizations?limit=100')).body['data'].map(({ name }: Envelope) => name);
    const before = await names();
    await json('local:snapshot', 'save', 'here');
    await ask('POST', '/organizations', { name: 'After' });
    expect(await names()).toContain('After');
    await text('local:snapshot', 'restore', 'here');
    expect(await names()).toEqual(before);
    expect((await json('local:snapshot', 'list'))['snapshots']).toMatchObject([{ name: 'here' }]);
    await json('local:snapshot', 'delete', 'here');
    expect(await text('local:snapshot', 'list')).toBe('There are no snapshots.\n');
  });

  it('export its state and load it into another database', async () => {
    const file = join(kosmo.home, 'state.json');
    await json('local:export', file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const other = join(kosmo.home, 'copy.db');
    expect(await json('local:seed', file, '--db', other)).toEqual({ requests: 0 });
    const again = await text('local:export', '--db', other);
    expect(JSON.parse(again)).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });

  it('load seed files, from stdin too, and say what is wrong with one', async () => {
    const file = join(kosmo.home, 'seed.json');
    writeFileSync(file, JSON.stringify({ organizations: [{ name: 'From a file', external_id: 'seeded' }] }));
    expect(await text('local:seed', file)).toBe('Loaded seed.json: 1 entries.\n');
    expect((await ask('GET', '/organizations/external_id/seeded')).body['name']).toBe('From a file');
    const piped = await kosmo.run(['local:seed', '-', '--json'], '{"organizations":[{"name":"Piped"}]}');
    expect([piped.status, envelopeOf(piped.stdout)]).toEqual([0, { requests: 1 }]);
    const twice = await kosmo.run(['local:seed', file]);
    expect([twice.status, twice.stderr]).toEqual([1, expect.stringContaining('organizations.0 was refused')]);
    const odd = await kosmo.run(['local:seed', '-'], '{');
    expect([odd.status, odd.stderr]).toEqual([1, expect.stringContaining('stdin is not JSON')]);
  });

  it('show what went to webhook endpoints and send it again, and bring people into the directory', async () => {
    await ask('POST', '/webhook_endpoints', {
      endpoint_url: 'http://127.0.0.1:9/',
      events: ['organization.created'],
    });
    await ask('POST', '/organizations', { name: 'Hooked' });
    const { deliveries } = await json('local:webhooks', 'deliveries', '--limit', '1');
    expect(deliveries).toMatchObject([
      { event: 'organization.created', endpoint_url: 'http://127.0.0.1:9/' },
    ]);
    const again = await json('local:webhooks', 'redeliver', deliveries[0].id);
    expect(await text('local:webhooks', 'deliveries')).toContain(again['id'] as string);
    const unknown = await kosmo.run(['local:webhooks', 'redeliver', 'none']);
    expect([unknown.status, unknown.stderr]).toEqual([
      1,
      expect.stringContaining("delivery not found: 'none'"),
    ]);
    const file = join(kosmo.home, 'people.csv');
    writeFileSync(file, 'email,first_name,groups\nzoe@example.com,Zoe,Design\n');
    expect(await json('local:directory', 'import', file)).toMatchObject({
      users: { created: 1 },
      groups: { created: 1 },
    });
    expect(await text('local:directory', 'import', file)).toBe('0 added, 0 changed, 1 as they were.\n');
    const { data } = (await ask('GET', '/events?events=dsync.user.created&limit=1&order=desc')).body;
    expect(data[0].data).toMatchObject({ email: 'zoe@example.com', first_name: 'Zoe' });
  });

  it('reset it', async () => {
    expect(await json('local:reset')).toEqual({ reset: 'all' });
    expect((await ask('GET', '/organizations')).body['data']).toHaveLength(3);
    await json('local:reset', '--environment', 'Default', '--empty');
    expect((await ask('GET', '/organizations')).body['data']).toEqual([]);
    await text('local:reset', '--environment', 'client_localhost');
    expect((await ask('GET', '/organizations')).body['data']).toHaveLength(3);
  });

  it('say what they take', async () => {
    for (const name of [
      'status',
      'seed',
      'export',
      'reset',
      'snapshot',
      'environment',
      'inbox',
      'clock',
      'fault',
      'dns',
      'settings',
      'impersonate',
      'directory',
      'webhooks',
    ]) {
      expect(await text(`local:${name}`, '--help')).toContain('--db <file>');
    }
    for (const args of [
      ['local:snapshot'],
      ['local:snapshot', 'save'],
      ['local:snapshot', 'take', 'x'],
      ['local:dns', 'set', 'x'],
      ['local:settings', 'set'],
      ['local:settings', 'set', 'mfa'],
      ['local:settings', 'set', 'mfa=perhaps'],
      ['local:impersonate', 'user_123'],
      ['local:status', '--db', ':memory:'],
    ]) {
      const { status, stdout, stderr } = await kosmo.run(args);
      expect([status, stdout], stderr).toEqual([2, '']);
    }
  });
});
