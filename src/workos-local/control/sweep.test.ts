import { expect, it, vi } from 'vitest';
import { localAccount } from '../index.ts';
import { day, minute } from '../kit/clock.ts';
import { listen } from '../server.ts';
import { LocalClient } from '../testing/local-client.ts';
import { enterServer, leaveServer, runningServers } from './servers.ts';
import { sweep } from './sweep.ts';
import { stateTables } from './tables.ts';

/** Opens what a sign-in leaves behind: a visit of the hosted pages, a device, a link to the portal, a key. */
async function leaveTraces(client: LocalClient): Promise<void> {
  const { clientId } = localAccount;
  const back = encodeURIComponent('http://localhost:3000/callback');
  await client.get(
    `/user_management/authorize?client_id=${clientId}&redirect_uri=${back}&response_type=code&provider=authkit`,
    { key: null },
  );
  await client.post('/user_management/authorize/device', { client_id: clientId }, { key: null });
  const [organization] = (await client.get('/organizations')).body.data;
  await client.post('/portal/generate_link', { organization: organization.id, intent: 'sso' });
}

const rows = (client: LocalClient) =>
  ['authorization_flows', 'device_authorizations', 'portal_links'].map(
    (table) => client.server.host.database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n,
  );

it('what has expired a week ago is swept, and nothing that may still be asked for', async () => {
  const client = new LocalClient();
  const { host } = client.server;
  await leaveTraces(client);
  expect(rows(client)).toEqual([1, 1, 1]);
  client.clock.advance(6 * day);
  expect(sweep(host.database, host.clock)).toBe(0);
  client.clock.advance(2 * day);
  await leaveTraces(client);
  expect(sweep(host.database, host.clock)).toBe(3);
  expect(rows(client)).toEqual([1, 1, 1]);
  client.server.close();
});

it('a clock that was moved ahead, and may be moved back, lets nothing be swept', async () => {
  const client = new LocalClient();
  const { host } = client.server;
  await leaveTraces(client);
  host.clock.advance(400 * day);
  expect(sweep(host.database, host.clock, client.clock)).toBe(0);
  expect(rows(client)).toEqual([1, 1, 1]);
  client.server.close();
});

it('the refresh tokens of a session go when the session has expired, the session itself stays', async () => {
  const client = new LocalClient();
  const { host } = client.server;
  const user = { email: 'sweep@example.com', password: 'correct horse battery', email_verified: true };
  await client.post('/user_management/users', user);
  await client.post(
    '/user_management/authenticate',
    {
      grant_type: 'password',
      client_id: localAccount.clientId,
      client_secret: localAccount.apiKey,
      ...user,
      email_verified: undefined,
    },
    { key: null },
  );
  const count = (table: string) => host.database.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n;
  expect([count('sessions'), count('refresh_tokens')]).toEqual([1, 1]);
  client.clock.advance(40 * day);
  sweep(host.database, host.clock);
  expect([count('sessions'), count('refresh_tokens')]).toEqual([1, 0]);
  client.server.close();
});

/** What the API or its events go on telling of. */
const shown = [
  'auth_challenges',
  'email_changes',
  'email_verifications',
  'invitations',
  'magic_auths',
  'password_resets',
  'sessions',
];

it('every table with an end is swept, or kept because the API shows it', () => {
  const client = new LocalClient();
  const { database } = client.server.host;
  const swept = new Set<string>();
  const run = database.run.bind(database);
  vi.spyOn(database, 'run').mockImplementation((sql, values) => {
    swept.add(/^DELETE FROM (\w+)/.exec(sql)?.[1] ?? '');
    return run(sql, values);
  });
  sweep(database, client.clock);
  const ending = [...stateTables(database)]
    .filter(([, columns]) => columns.includes('expires_at'))
    .map(([name]) => name);
  expect(ending.filter((name) => !swept.has(name))).toEqual(shown);
  client.server.close();
});

it('a server sweeps by itself, first a few seconds after its start', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const client = new LocalClient();
  await leaveTraces(client);
  client.clock.advance(8 * day);
  const listening = await listen(client.server, { port: 0 });
  expect(rows(client)).toEqual([1, 1, 1]);
  vi.advanceTimersByTime(minute);
  expect(rows(client)).toEqual([0, 0, 0]);
  vi.useRealTimers();
  await listening.close();
  client.server.close();
});

it('a server that was killed is forgotten when the next one starts', () => {
  const client = new LocalClient();
  const { database } = client.server.host;
  // No process has a number as high.
  database.run('INSERT INTO servers (url, pid, started_at) VALUES (?, ?, ?)', ['http://x', 2 ** 30, '2026']);
  expect(runningServers(database)).toEqual([]);
  enterServer(database, 'http://y');
  expect(database.all('SELECT url FROM servers')).toEqual([{ url: 'http://y' }]);
  leaveServer(database, 'http://y');
  client.server.close();
});
