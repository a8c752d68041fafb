import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectHttp, connectOldHttp, type GatewayClient } from './gateway-clients.ts';
import { type Envelope, Kosmo, TestApi } from './kosmo.ts';

const kosmo = new Kosmo();
let gateway: Serving;
let current: GatewayClient;
let legacy: GatewayClient;
let old: GatewayClient;
beforeAll(async () => {
  gateway = await serve(['--local', '--write=allow']);
  current = await connectHttp(gateway.url);
  legacy = await connectHttp(gateway.url, { mode: 'legacy' });
  old = await connectOldHttp(gateway.url);
});
afterAll(async () => {
  await Promise.all([current, legacy, old].map((client) => client.close()));
  await gateway.stop();
  kosmo.remove();
});
const each = [
  ['the client of today', () => current],
  ['the client of today, speaking an older revision', () => legacy],
  ['the client of the years before', () => old],
] as const;

describe.each(each)('over HTTP, %s', (_, client) => {
  it('finds the tools and runs programs, ten at once', async () => {
    expect(await client().tools()).toHaveLength(4);
    const runs = Array.from({ length: 10 }, (_run, index) => client().lua(`return ${index}`));
    expect((await Promise.all(runs)).map(({ data }) => data['result'])).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
  });

  it('is told how a run gets on', async () => {
    // The older library drops what comes with the answer in one piece, so the program goes on for a while.
    const aWhile = 'local t = os.clock() while os.clock() - t < 0.2 do end';
    const seen: number[] = [];
    await client().lua(`for i = 1, 3 do app.integrations.workos.list_users{ limit = 1 } end ${aWhile}`, {
      onprogress: ({ progress }) => seen.push(progress),
    });
    expect(seen).toEqual([1, 2, 3]);
  });

  it('can call a run off', async () => {
    const before = await interrupted();
    const stop = new AbortController();
    const run = client().lua('while true do end', { signal: stop.signal });
    setTimeout(() => stop.abort(), 150);
    await expect(run).rejects.toThrow();
    while ((await interrupted()) === before) await delay(50);
  });
});

describe('at the same address', () => {
  it('both eras of the protocol are spoken', () => {
    expect([current.protocol, legacy.protocol]).toEqual(['2026-07-28', '2025-11-25']);
  });

  it('a client whose session the gateway does not know any more is answered all the same', async () => {
    const first = await serve(['--local']);
    const client = await connectOldHttp(first.url);
    expect((await client.lua('return 1')).data['result']).toBe(1);
    await first.stop();
    const port = new URL(first.url).port;
    const second = await serve(['--local', '--port', port]);
    expect((await client.lua('return 2')).data['result']).toBe(2);
    await client.close();
    await second.stop();
  });

  it('an older client’s user is asked, and a client that is not asked is told of the terminal', async () => {
    const api = await TestApi.open((_, response) => {
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"org_1"}');
    });
    const own = new Kosmo({ WORKOS_API_KEY: 'sk_example_1234', WORKOS_BASE_URL: api.url });
    const asking = await serve(['--write=ask'], own);
    const code = 'return app.integrations.workos.create_organization{ name = "X" }.id';
    for (const connecting of [
      connectHttp(asking.url, { person: () => 'accept' }),
      connectHttp(asking.url, { person: () => 'accept', mode: 'legacy' }),
      connectOldHttp(asking.url, { person: () => 'accept' }),
    ]) {
      const client = await connecting;
      expect((await client.lua(code)).data['result']).toBe('org_1');
      await client.close();
    }
    expect(api.received).toHaveLength(3);
    const silent = await connectHttp(asking.url);
    expect((await silent.lua(code)).text).toContain('kosmo approvals:approve apr_');
    await silent.close();
    await asking.stop();
    api.close();
    own.remove();
  });
});

describe('the door', () => {
  const ask = (headers: Record<string, string>, more: Partial<Asked> = {}) =>
    send({ url: gateway.url, headers, ...more });

  it('is shut for pages of other sites, and for names that only lead to this machine', async () => {
    expect((await ask({})).status).toBe(200);
    expect((await ask({ origin: 'http://localhost:6274' })).status).toBe(200);
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1.evil.example' },
      { host: 'evil.example' },
      { host: `evil.example:${new URL(gateway.url).port}` },
    ]) {
      expect([headers, (await ask(headers)).status]).toEqual([headers, 403]);
    }
  });

  it('leads to one path', async () => {
    const elsewhere = await ask({}, { url: gateway.url.replace('/mcp', '/other') });
    expect([elsewhere.status, elsewhere.body]).toEqual([404, 'MCP is at /mcp\n']);
  });

  it('stands whatever is sent', async () => {
    for (const more of [
      { body: 'no json' },
      { body: '[]' },
      { body: '{}' },
      { body: 'null' },
      {
        body: `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      },
      { body: 'x'.repeat(5 * 1024 * 1024) },
      { method: 'GET' },
      { method: 'DELETE' },
      { method: 'PUT' },
    ]) {
      const { status } = await ask({}, more);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
    expect((await ask({ 'content-type': 'text/plain' })).status).toBe(415);
    expect((await current.lua('return "sound"')).data['result']).toBe('sound');
  });

  it('asks for a token where it is told to, and wherever others can reach it', async () => {
    for (const args of [['--token'], ['--host', '0.0.0.0']]) {
      const serving = await serve(['--local', ...args]);
      const file = String(serving.about['token_file']);
      const token = readFileSync(file, 'utf8').trim();
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(JSON.stringify(serving.about)).not.toContain(token);
      const url = serving.url.replace('0.0.0.0', '127.0.0.1');
      const none = await send({ url, headers: {} });
      expect([none.status, none.headers['www-authenticate']]).toEqual([401, 'Bearer']);
      const wrong = await send({ url, headers: { authorization: `Bearer ${token}x` } });
      expect([wrong.status, wrong.headers['www-authenticate']]).toEqual([
        401,
        'Bearer error="invalid_token"',
      ]);
      const client = await connectHttp(url, { headers: { authorization: `Bearer ${token}` } });
      expect((await client.lua('return 1')).data['result']).toBe(1);
      await client.close();
      await serving.stop();
    }
  });

  it('takes the token of the environment, unless that is too short to protect anything', async () => {
    const own = new Kosmo({ KOSMO_MCP_TOKEN: 'a-token-of-mine-0123' });
    const serving = await serve(['--local', '--token'], own);
    expect(serving.about['token_file']).toBeNull();
    expect(
      (await send({ url: serving.url, headers: { authorization: 'bearer a-token-of-mine-0123' } })).status,
    ).toBe(200);
    await serving.stop();
    own.remove();
    const { status, stderr } = await kosmo.run(['mcp:serve', '--http', '--token'], '', {
      KOSMO_MCP_TOKEN: 'short',
    });
    expect([status, stderr]).toEqual([2, expect.stringContaining('needs 16 characters')]);
  });

  it('says what flags are for', async () => {
    for (const [args, said] of [
      [['--token'], '--token needs --http.'],
      [['--port', '1'], '--port needs --http.'],
      [['--http', '--port', '99999'], 'It takes a port from 0 to 65535.'],
      [['--http', '--port', new URL(gateway.url).port], 'Another program listens on'],
    ] as const) {
      expect((await kosmo.run(['mcp:serve', ...args])).stderr).toContain(said);
    }
  });
});

describe('a gateway over HTTP', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends cleanly on %s, with what runs', async (signal) => {
    const before = await interrupted();
    const serving = await serve(['--local']);
    const client = await connectHttp(serving.url);
    const run = client.lua('while true do end').catch(() => 'ended');
    await delay(300);
    serving.child.kill(signal);
    expect(await serving.ended).toBe(0);
    expect(await run).toBe('ended');
    expect(await interrupted()).toBe(before + 1);
  });

  it('calls a run off when its client goes away', async () => {
    const before = await interrupted();
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'execute_lua', arguments: { code: 'while true do end' } },
    });
    const { hostname, port, pathname: path } = new URL(gateway.url);
    const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
    const request = httpRequest({ hostname, port, path, method: 'POST', headers });
    request.on('error', () => undefined);
    request.end(body);
    await delay(300);
    request.destroy();
    while ((await interrupted()) === before) await delay(50);
    expect(gateway.printed()).toHaveLength(1);
  });
});

interface Serving {
  readonly child: ChildProcessWithoutNullStreams;
  readonly url: string;
  readonly about: Envelope;
  /** The lines it has printed. */
  readonly printed: () => readonly string[];
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** Starts a gateway over HTTP and waits for its line. */
async function serve(args: readonly string[], home = kosmo): Promise<Serving> {
  const port = args.includes('--port') ? [] : ['--port', '0'];
  const child = home.start(['mcp:serve', '--http', '--json', ...port, ...args]);
  const ended = once(child, 'close').then(([status]) => status as number | null);
  const printed: string[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => printed.push(line));
  await once(lines, 'line');
  const about = JSON.parse(printed[0] ?? '') as Envelope;
  return {
    child,
    url: String(about['url']),
    about,
    printed: () => printed,
    ended,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

interface Asked {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** One request, as it is: the library that makes requests otherwise does not let its caller choose the host. */
async function send({
  url,
  headers,
  method = 'POST',
  body,
}: Partial<Asked> & Pick<Asked, 'url' | 'headers'>) {
  const { hostname, port, pathname: path } = new URL(url);
  const usual = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const request = httpRequest({
    hostname,
    port,
    path,
    method,
    headers: { ...usual, ...headers },
    agent: false,
  });
  request.on('socket', (socket) => socket.on('error', () => undefined));
  request.end(body ?? '{"jsonrpc":"2.0","id":1,"method":"tools/list"}');
  const response = await new Promise<IncomingMessage | null>((resolve) => {
    request.once('response', resolve);
    // What is too large is answered before all of it is sent, and that may break off the sending.
    request.on('error', () => resolve(null));
  });
  if (response === null) return { status: 413, headers: {}, body: '' };
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += String(part);
  return { status: response.statusCode ?? 0, headers: response.headers, body: text };
}

/** How many runs were called off. */
async function interrupted(): Promise<number> {
  const { stdout } = await kosmo.run(['runs:list', '--json', '--limit', '1000']);
  const { runs } = JSON.parse(stdout) as { runs: Envelope[] };
  return runs.filter(({ error }) => error === 'interrupted').length;
}
