import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandOf, connect, connectOld, type GatewayClient } from './gateway-clients.ts';
import { answerJson, type Envelope, Kosmo, TestApi } from './kosmo.ts';

const kosmo = new Kosmo();
let current: GatewayClient;
let legacy: GatewayClient;
let old: GatewayClient;
beforeAll(async () => {
  current = await connect(kosmo, ['--local', '--write=allow']);
  legacy = await connect(kosmo, ['--local', '--write=allow'], { mode: 'legacy' });
  old = await connectOld(kosmo, ['--local', '--write=allow']);
});
afterAll(async () => {
  await Promise.all([current, legacy, old].map((client) => client.close()));
  kosmo.remove();
});
const each = [
  ['the client of today', () => current],
  ['the client of today, speaking an older revision', () => legacy],
  ['the client of the years before', () => old],
] as const;

describe.each(each)('%s', (_, client) => {
  it('finds four tools', async () => {
    const tools = await client().tools();
    expect(tools.map(({ name }) => name)).toEqual([
      'lua_list_docs',
      'lua_search_docs',
      'lua_read_doc',
      'execute_lua',
    ]);
  });

  it('finds a function, reads about it and calls it', async () => {
    const found = await client().call('lua_search_docs', { query: 'create an organization', limit: 3 });
    const [{ page }] = found.data['results'] as [{ page: string }];
    expect(page).toContain('workos.create_organization');
    expect(found.text).toContain('(write)');
    const { text } = await client().call('lua_read_doc', { page });
    expect(text).toContain('`name`');
    const made = await client().lua(
      'local o = app.integrations.workos.create_organization{ name = "Gateway" } print(o.name) return o.object',
    );
    expect(made).toMatchObject({
      isError: false,
      data: {
        output: 'Gateway\n',
        result: 'organization',
        calls: { 'workos.workos_organizations_create': 1 },
      },
    });
    expect(made.text).toBe('Gateway\norganization\n[calls: workos.workos_organizations_create]');
    expect((await client().call('lua_list_docs')).text).toContain('overview: ');
  });

  it('is told what is wrong with a program, and with what it sends', async () => {
    const wrong = await client().lua('return app.integrations.workos.list_userz{}');
    expect(wrong.isError).toBe(true);
    expect(wrong.text).toContain('Did you mean list_users?');
    expect(wrong.data['error']).toMatchObject({ code: 'unknown_function' });
    expect(await client().lua('return (')).toMatchObject({
      isError: true,
      data: { error: { code: 'syntax_error' } },
    });
    for (const [tool, args, said] of [
      ['execute_lua', {}, 'code: expected a string, got nothing'],
      ['execute_lua', { code: 1 }, 'code: expected a string'],
      ['execute_lua', { lua: 'return 1' }, 'lua: unknown argument; it takes code, dry_run, resume'],
      ['lua_read_doc', { page: 'workos.nothing' }, 'There is no page workos.nothing'],
      ['lua_search_docs', { query: [] }, 'query: expected a string'],
    ] as const) {
      const { text, isError } = await client().call(tool, args);
      expect([text, isError]).toEqual([expect.stringContaining(said), true]);
    }
    await expect(client().call('no_such_tool')).rejects.toThrow('no_such_tool');
  });

  it('reads what was too long to show with the handle of it', async () => {
    const long = await client().lua(
      'local t = {} for i = 1, 5000 do t[i] = { id = i } end print(("line\\n"):rep(9999)) return t',
    );
    const { result, output, cut } = long.data as {
      result: Envelope[];
      output: string;
      cut: { result: { handle: string; bytes: number }; output: { handle: string } };
    };
    expect(JSON.stringify(result).length).toBeLessThan(16_001);
    expect(result.at(-1)).toMatchObject({ $cut: { of: 5000, shape: { id: 'number' } } });
    expect(output).toMatch(/^(line\n)+$/);
    expect(output.length).toBeLessThan(16_001);
    expect(long.text).toContain(`results.read("${cut.result.handle}", path) in Lua has all of it`);
    const rest = await client().lua(
      `return { results.read("${cut.result.handle}", "[4321].id"), #results.read("${cut.result.handle}"), #results.read("${cut.output.handle}") }`,
    );
    expect(rest.data['result']).toEqual([4321, 5000, 49_996]);
  });

  it('runs ten programs at once, each alone in its state', async () => {
    const runs = Array.from({ length: 10 }, (_, index) =>
      client().lua(
        `x = (x or 0) + ${index} local t = os.clock() while os.clock() - t < 0.05 do end return x`,
      ),
    );
    expect((await Promise.all(runs)).map(({ data }) => data['result'])).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
  });

  it('is told how a run gets on when it asks', async () => {
    // The older library drops what comes with the answer in one piece, so the program goes on for a while.
    const aWhile = 'local t = os.clock() while os.clock() - t < 0.2 do end';
    const seen: string[] = [];
    await client().lua(`for i = 1, 3 do app.integrations.workos.list_users{ limit = 1 } end ${aWhile}`, {
      onprogress: ({ progress, message }) => seen.push(`${progress} ${message}`),
    });
    expect(seen).toEqual([1, 2, 3].map((number) => `${number} workos.workos_userland_users_list_0`));
  });

  it('can call a run off, and goes on to the next', async () => {
    const stop = new AbortController();
    const run = client().lua('while true do end', { signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    await expect(run).rejects.toThrow();
    expect((await client().lua('return "still here"')).data['result']).toBe('still here');
    const { stdout } = await kosmo.run(['runs:list', '--json']);
    const { runs } = JSON.parse(stdout) as { runs: Envelope[] };
    expect(runs.find(({ error }) => error === 'interrupted')).toBeDefined();
  });
});

describe('a gateway', () => {
  it('speaks the newest revision to who asks for it, and the one before to who does not', () => {
    expect([current.protocol, legacy.protocol]).toEqual(['2026-07-28', '2025-11-25']);
  });

  it('names the client in the journal', async () => {
    const { stdout } = await kosmo.run(['runs:list', '--json', '--limit', '500']);
    const { runs } = JSON.parse(stdout) as { runs: Envelope[] };
    const clients = new Set(
      runs.filter(({ command }) => command === 'mcp:serve').map(({ client }) => client),
    );
    expect(clients).toEqual(new Set(['test-client 1.2.3', 'old-client 0.9']));
  });

  it('keeps its tools’ list for a while, by the newest revision', async () => {
    const { lines, child } = raw(['--local']);
    child.stdin.write(`${JSON.stringify(modern(1, 'tools/list'))}\n`);
    const { result } = JSON.parse(await lines()) as Envelope;
    expect(result).toMatchObject({ ttlMs: 300_000, cacheScope: 'private' });
    child.stdin.end();
  });

  it('answers sense after any nonsense, and ends when its input does', async () => {
    const { lines, child } = raw(['--local']);
    const ended = once(child, 'close');
    for (const line of [
      'this is no message',
      '{"jsonrpc":"2.0"',
      '[]',
      'null',
      '{"jsonrpc":"1.0","id":1,"method":"tools/list"}',
      '{"jsonrpc":"2.0","id":{},"method":7}',
      '\u0000\ufffd',
      '{"jsonrpc":"2.0","method":"notifications/nothing"}',
    ]) {
      child.stdin.write(`${line}\n`);
    }
    child.stdin.write(
      `${JSON.stringify(modern(2, 'tools/call', { name: 'execute_lua', arguments: { code: 'return 7' } }))}\n`,
    );
    for (;;) {
      const message = JSON.parse(await lines()) as Envelope;
      if (message['id'] !== 2) continue;
      expect(message['result'].structuredContent).toEqual({ result: 7 });
      break;
    }
    child.stdin.end();
    expect((await ended)[0]).toBe(0);
  });

  it.each(['stdin ends', 'SIGTERM'])(
    'ends what runs when %s: the call it waits for is broken off',
    async (how) => {
      let closed: () => void = () => undefined;
      const brokenOff = new Promise<void>((resolve) => {
        closed = resolve;
      });
      const api = await TestApi.open((_, response) => {
        response.on('close', closed);
      });
      const own = new Kosmo({ WORKOS_API_KEY: 'sk_example_1234', WORKOS_BASE_URL: api.url });
      const { child } = raw([], own);
      const ended = once(child, 'close');
      const code = 'app.integrations.workos.list_users{} print("not reached")';
      child.stdin.write(
        `${JSON.stringify(modern(1, 'tools/call', { name: 'execute_lua', arguments: { code } }))}\n`,
      );
      while (api.received.length === 0) await delay(20);
      if (how === 'SIGTERM') child.kill('SIGTERM');
      else child.stdin.end();
      await brokenOff;
      expect((await ended)[0]).toBe(0);
      const { stdout } = await own.run(['runs:list', '--json']);
      expect((JSON.parse(stdout) as Envelope)['runs'][0]).toMatchObject({ error: 'interrupted' });
      api.close();
      own.remove();
    },
  );
});

describe('what an agent may do', () => {
  it('is nothing that changes anything, unless somebody says so', async () => {
    const client = await connect(kosmo, ['--local']);
    const refused = await client.lua('app.integrations.workos.create_organization{ name = "No" }');
    expect(refused.data['error']).toMatchObject({ code: 'denied' });
    expect(refused.text).toContain('this gateway lets nothing be changed');
    const caught = await client.lua(
      'return select(2, pcall(app.integrations.workos.create_organization, { name = "No" })).code',
    );
    expect(caught.data['result']).toBe('denied');
    // Nor by a path in place of a name.
    const path = await client.lua(
      'return app.integrations.workos.request{ method = "POST", path = "/organizations", body = { name = "No" } }',
    );
    expect(path.data['error']).toMatchObject({ code: 'denied' });
    const planned = await client.call('execute_lua', {
      code: 'app.integrations.workos.create_organization{ name = "No" }',
      dry_run: true,
    });
    expect(planned.data['planned']).toMatchObject([{ request: { method: 'POST', body: { name: 'No' } } }]);
    expect(await client.lua('return #app.integrations.workos.list_organizations{}.data > 0')).toMatchObject({
      data: { result: true },
    });
    await client.close();
  });

  it('is what its account allows, at most', async () => {
    const { status, stderr } = await kosmo.run(['mcp:serve', '--write=allow'], '', { KOSMO_NO_FORCE: '1' });
    expect([status, stderr]).toEqual([3, expect.stringContaining('--write=allow is turned off here')]);
    for (const [args, said] of [
      [['--read-only', '--write=allow'], 'contradict each other'],
      [['--integrations', 'workoz'], 'Did you mean workos?'],
      [['--servers', 'nothing'], 'No MCP server is called nothing.'],
      [['--write=maybe'], 'Allowed choices are deny, ask, allow.'],
    ] as const) {
      expect((await kosmo.run(['mcp:serve', ...args])).stderr).toContain(said);
    }
  });

  it('is with the integrations and servers it is given', async () => {
    const client = await connect(kosmo, ['--local', '--integrations', 'none']);
    const { data } = await client.lua('return app.integrations.workos');
    expect(data['error']).toMatchObject({ code: 'unknown_integration' });
    const { text } = await client.call('lua_list_docs');
    expect(text).not.toContain('workos:');
    await client.close();
  });

  it('never shows it a secret', async () => {
    const api = await TestApi.open((received, response) => {
      // An API that tells all it was sent.
      answerJson(response, 400, { message: `no: ${JSON.stringify(received.headers)}` });
    });
    const secret = 'sk_test_planted_5d41402abc4b2a76';
    const own = new Kosmo({ WORKOS_API_KEY: secret, WORKOS_BASE_URL: api.url });
    const client = await connect(own, ['--write=allow']);
    const seen: string[] = [];
    for (const code of [
      'return select(2, pcall(app.integrations.workos.list_users, {}))',
      'app.integrations.workos.list_users{}',
      'app.integrations.workos.create_organization{ name = "x" }',
      'dump(app) dump(docs.list()) dump(mcp.servers()) print(results) return app.integrations',
    ]) {
      seen.push(JSON.stringify(await client.lua(code)));
      seen.push(JSON.stringify(await client.call('execute_lua', { code, dry_run: true })));
    }
    expect(api.received.some(({ headers }) => headers.authorization?.includes(secret))).toBe(true);
    expect(seen.join('')).toContain('[redacted]');
    for (const text of seen) expect(text).not.toContain(secret);
    await client.close();
    api.close();
    own.remove();
  });
});

/** A request as the newest revision has it. */
function modern(id: number, method: string, params: object = {}) {
  return {
    jsonrpc: '2.0',
    id,
    method,
    params: {
      ...params,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    },
  };
}

/** A gateway whose lines a test writes and reads itself. */
function raw(args: readonly string[], home = kosmo) {
  const { command, args: all, env, cwd } = commandOf(home, args);
  const child = spawn(command, all, { env, cwd });
  const reader = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, lines: async () => String((await reader.next()).value) };
}
