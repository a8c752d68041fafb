import { beforeEach, describe, expect, it } from 'vitest';
import { FileClient } from '../../testing/file-client.ts';
import { LocalClient, type Reply } from '../../testing/local-client.ts';
import { attemptsOf } from './radar.table.ts';

let client: LocalClient;
beforeEach(() => {
  client = new LocalClient();
});

const attempt = {
  ip_address: '203.0.113.7',
  user_agent: 'curl/8',
  email: 'Ada@Northwind.example',
  auth_method: 'Password',
  action: 'login',
  device_fingerprint: 'fp_1',
};
const assess = async (changes: object = {}) =>
  (await client.post('/radar/attempts', { ...attempt, ...changes })).body;
const add = (list: string, entry: string) => client.post(`/radar/lists/${list}`, { entry });
const remove = (list: string, entry: string): Promise<Reply> =>
  client.call('DELETE', `/radar/lists/${list}`, { body: { entry } });

describe('the verdict on an attempt', () => {
  it('is to allow when no list knows it', async () => {
    expect(await assess()).toMatchObject({
      verdict: 'allow',
      attempt_id: expect.stringMatching(/^radar_att_/),
    });
  });

  it.each([
    ['ip_address', '203.0.113.7', { ip_address: '203.0.113.8' }],
    ['ip_address', '203.0.113.0/29', { ip_address: '203.0.113.8' }],
    ['domain', 'NORTHWIND.example', { email: 'ada@other.example' }],
    ['email', 'ada@northwind.example', { email: 'bob@northwind.example' }],
    ['user_agent', 'curl/8', { user_agent: 'curl/9' }],
    ['device_fingerprint', 'fp_1', { device_fingerprint: 'fp_2' }],
    ['device', 'fp_1', { device_fingerprint: undefined }],
  ])(
    'is to block by a block list of the type %s (%s), until the entry is removed',
    async (type, entry, other) => {
      expect((await add(`${type}/block`, entry)).status).toBe(200);
      expect(await assess()).toMatchObject({
        verdict: 'block',
        control: 'restriction',
        blocklist_type: type,
      });
      expect((await assess(other)).verdict).toBe('allow');
      expect((await remove(`${type}/block`, entry)).status).toBe(204);
      expect((await assess()).verdict).toBe('allow');
    },
  );

  it('is to allow by any allow list, whatever the block lists say', async () => {
    await add('email/block', attempt.email);
    await add('ip_address/block', '::/0');
    await add('ip_address/block', '0.0.0.0/0');
    expect((await assess()).verdict).toBe('block');
    expect((await assess({ ip_address: '2001:db8::1', email: 'x@y.example' })).verdict).toBe('block');
    await add('user_agent/allow', 'curl/8');
    expect((await assess()).verdict).toBe('allow');
  });

  it('is of one environment', async () => {
    const other = new LocalClient({ autoEnvironments: true });
    await other.post('/radar/lists/email/block', { entry: attempt.email }, { key: 'sk_test_radar' });
    expect((await other.post('/radar/attempts', attempt)).body.verdict).toBe('allow');
  });
});

describe('a list', () => {
  it('holds an entry once, however it is written, and says so', async () => {
    await add('email/block', 'ada@northwind.example');
    const again = await add('email/block', ' ADA@northwind.example');
    expect([again.status, again.body.message]).toEqual([200, 'The entry is in the list already.']);
    expect((await remove('email/block', 'Ada@northwind.example')).status).toBe(204);
    expect((await remove('email/block', 'ada@northwind.example')).status).toBe(404);
    expect((await remove('email/allow', 'ada@northwind.example')).status).toBe(404);
  });

  it('takes what is of its type', async () => {
    const bad = [
      'ip_address/block 300.1.1.1',
      'ip_address/block 10.0.0.0/33',
      'ip_address/block 10.0.0.0/8/8',
    ];
    bad.push('domain/block a@b.example', 'email/allow northwind', 'country/block Germany', 'device/block  ');
    for (const each of bad) {
      const [list = '', ...entry] = each.split(' ');
      expect(await add(list, entry.join(' '))).toMatchObject({
        status: 400,
        body: { code: 'invalid_entry' },
      });
    }
    expect((await add('country/block', 'de')).status).toBe(200);
    expect((await add('phone/block', '1')).status).toBe(400);
    expect((await add('email/deny', 'a@b.example')).status).toBe(400);
    expect((await client.post('/radar/lists/email/block', {})).status).toBe(422);
  });
});

describe('an attempt', () => {
  it('is kept, and told to have succeeded', async () => {
    const file = FileClient.open();
    const { body } = await file.post('/radar/attempts', attempt);
    const at = `/radar/attempts/${body.attempt_id}`;
    file.clock.advance(1000);
    expect((await file.put(at, { challenge_status: 'success' })).status).toBe(204);
    expect((await file.put(at, { attempt_status: 'success' })).status).toBe(204);
    const [row] = attemptsOf(file.context(), 10);
    expect(row).toMatchObject({ verdict: 'allow', challenge_status: 'success', attempt_status: 'success' });
    expect(JSON.parse(row?.request ?? '')).toEqual(attempt);
    expect((await file.put('/radar/attempts/radar_att_none', {})).status).toBe(404);
    expect((await file.put(at, { attempt_status: 'failure' })).status).toBe(422);
    file.close();
  });
});
