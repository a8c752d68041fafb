import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRuntime } from '../../src/runtime/index.ts';
import { repository } from './kosmo.ts';

const folder = mkdtempSync(join(tmpdir(), 'kosmo-odd-'));
const home = join(folder, 'home');
const servers = join(repository, 'test/e2e/mcp-servers');
const node = process.execPath;
const serverOf = (name: string) =>
  createRequire(import.meta.url).resolve(`@modelcontextprotocol/${name}/dist/index.js`);
const odd = (mode: string, ...more: string[]) => ({
  command: node,
  args: [join(servers, 'odd.mjs'), mode, ...more],
});
const modern = (more: object = {}) => ({ command: node, args: [join(servers, 'modern.mjs')], ...more });

/** What a server was sent, in a file: its input passes by there. */
const overheard = join(folder, 'overheard');
let http: ChildProcess;
let project: string;

beforeAll(async () => {
  project = join(folder, 'project');
  mkdirSync(join(project, '.vscode'), { recursive: true });
  mkdirSync(home, { recursive: true });
  http = spawn(node, [join(servers, 'modern.mjs'), '--http'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(http.stdout ?? http, 'data')) as [Buffer];
  const mcpServers = {
    silent: { ...odd('silent'), timeout: 700 },
    garbage: odd('garbage'),
    hangs: { ...odd('hangs'), timeout: 500 },
    recorded: odd('recorded', join(folder, 'methods')),
    wrong: odd('wrong-output'),
    too_large: odd('too-large'),
    large: odd('large'),
    crashes_once: odd('crashes-once', join(folder, 'crashed')),
    crashes: odd('crashes'),
    changes: odd('changes'),
    fine: odd('fine'),
    samples: odd('asks', 'sampling/createMessage'),
    elicits: odd('asks', 'elicitation/create'),
    wants_roots: odd('asks', 'roots/list'),
    every: { command: node, args: [serverOf('server-everything')] },
    gone: { url: `http://127.0.0.1:${await freePort()}/mcp` },
    modern: modern(),
    rooted: modern({ roots: true }),
    noted: modern({ env: { SEEN: join(folder, 'seen') } }),
    http: { url: line.toString().trim() },
    listened: {
      command: 'sh',
      args: ['-c', `tee -a ${overheard} | ${node} ${join(servers, 'modern.mjs')}`],
    },
  };
  writeFileSync(join(home, 'mcp.json'), JSON.stringify({ mcpServers }));
});
afterAll(() => {
  http.kill();
  rmSync(folder, { recursive: true, force: true });
});

const open = () => createRuntime({ home, folder: project, environment: { PATH: process.env['PATH'] } });

async function lua(source: string, more: object = {}) {
  const runtime = open();
  try {
    return await runtime.lua({ source, name: 'test', force: true, ...more });
  } finally {
    await runtime.close();
  }
}

describe('a server that misbehaves', () => {
  it.each([
    ['silent', 'The MCP server silent cannot be reached'],
    ['hangs', 'no answer within 0.5 s'],
    ['wrong', 'does not match'],
    ['too_large', 'it sent a message of more than 50 MB'],
    ['crashes', 'the server has ended (exit code 7)'],
    ['gone', 'ECONNREFUSED'],
  ])('%s is told of', async (name, said) => {
    const { ok, error } = await lua(`return app.mcp.${name}.work{}`);
    expect(ok).toBe(false);
    expect(error?.message.toLowerCase()).toContain(said.toLowerCase());
    expect(error?.message).not.toMatch(/\n\s+at /);
  });

  it('garbage is called all the same: what is no message is kept for the doctor', async () => {
    const runtime = open();
    const { result } = await runtime.lua({ source: 'return app.mcp.garbage.work{}', name: 't', force: true });
    const connection = await runtime.mcp.connection('garbage');
    const errors = 'errors' in connection ? connection.errors : '';
    await runtime.close();
    expect(result).toBe('called work');
    expect(errors).toContain('kosmo: on its output, which is for messages: Server is starting…');
    expect(errors).toContain('{"not": "a message"}');
  });

  it('crashes_once is started once more, and what it wrote is kept', async () => {
    const { result } = await lua('return app.mcp.crashes_once.work{}');
    expect(result).toBe('well again');
    const kept = readFileSync(join(home, 'mcp-logs/crashes_once.log'), 'utf8');
    expect(kept).toContain('it ended (exit code 7)');
    expect(kept).toContain('out of luck');
  });

  it('large answers within a program’s memory, or ends it at its limit', async () => {
    const { result, error } = await lua('return #app.mcp.large.work{}');
    expect(error === null ? result : error.code).toBe(error === null ? 20 * 1024 * 1024 : 'memory_limit');
  });

  it('changes has its new tools in the next run of a host that goes on', async () => {
    const runtime = open();
    const first = await runtime.lua({ source: 'return app.mcp.changes.work{}', name: 'a', force: true });
    const source = 'return { #mcp.tools("changes"), app.mcp.changes.added_by_work{} }';
    const second = await runtime.lua({ source, name: 'b', force: true });
    await runtime.close();
    expect([first.result, second.result]).toEqual(['changed', [2, 'changed']]);
  });

  it('that was not there is there for a host that goes on once it has come', async () => {
    const port = await freePort();
    const there = join(folder, 'home-late');
    mkdirSync(there);
    const late = { url: `http://127.0.0.1:${port}/mcp` };
    writeFileSync(join(there, 'mcp.json'), JSON.stringify({ mcpServers: { late } }));
    const runtime = createRuntime({ home: there, folder: project, environment: {} });
    const call = async () => {
      const source = 'return app.mcp.late.echo{ message = "hi" }';
      const { result, error } = await runtime.lua({ source, name: 't', force: true });
      return error?.code ?? result;
    };
    expect(await call()).toBe('network_error');
    const server = spawn(node, [serverOf('server-everything'), 'streamableHttp'], {
      env: { PATH: process.env['PATH'], PORT: String(port) },
      stdio: 'ignore',
    });
    try {
      await expect.poll(call, { timeout: 10_000, interval: 200 }).toBe('Echo: hi');
    } finally {
      await runtime.close();
      server.kill('SIGKILL');
    }
  });

  it('leaves the others alone', async () => {
    const { result } = await lua(
      'local ok = pcall(app.mcp.wrong.work, {}) return { ok, app.mcp.fine.work{} }',
    );
    expect(result).toEqual([false, 'called work']);
  });
});

it('servers that a program names are started side by side when the first is needed', async () => {
  const runtime = open();
  const reached: string[] = [];
  const connection = runtime.mcp.connection.bind(runtime.mcp);
  runtime.mcp.connection = (name) => {
    reached.push(name);
    return connection(name);
  };
  const source = 'app.mcp.fine.work{} do return 1 end app.mcp.modern.slow{} mcp.tools("garbage")';
  await runtime.lua({ source, name: 't', force: true });
  await runtime.close();
  expect([...new Set(reached)].sort()).toEqual(['fine', 'garbage', 'modern']);
});

describe('a run that is stopped', () => {
  it('does not wait for a server that is being started', async () => {
    const runtime = open();
    const stop = new AbortController();
    const running = runtime.lua({
      source: 'return app.mcp.recorded.work{}',
      name: 't',
      force: true,
      signal: stop.signal,
    });
    // Reading the program and starting its server takes longer than this; wherever it is then, it ends.
    setTimeout(() => stop.abort(), 60);
    const { ok } = await running;
    await runtime.close();
    expect(ok).toBe(false);
  });

  it('has a call that is under way cancelled at the server', async () => {
    const runtime = open();
    const stop = new AbortController();
    const seen = () => {
      try {
        return readFileSync(join(folder, 'seen'), 'utf8');
      } catch {
        return '';
      }
    };
    const source = 'return app.mcp.noted.slow{}';
    const running = runtime.lua({ source, name: 't', force: true, signal: stop.signal });
    await until(() => seen().includes('step 2'));
    stop.abort();
    await running;
    await until(() => seen().includes('cancelled'));
    await runtime.close();
    expect(seen()).toContain('cancelled');
  });
});

describe('what a server says on its way', () => {
  it('how far a tool is', async () => {
    const runtime = open();
    const heard: string[] = [];
    const stop = new AbortController();
    const source = 'return app.mcp.modern.slow{}';
    const running = runtime.lua({
      source,
      name: 't',
      force: true,
      signal: stop.signal,
      onProgress: ({ message, total }) => heard.push(`${message} of ${total}`),
    });
    await until(() => heard.length > 2);
    stop.abort();
    await running;
    await runtime.close();
    expect(heard.slice(0, 2)).toEqual(['step 1 of 60', 'step 2 of 60']);
  });

  it('what it asks is answered by who is there', async () => {
    const runtime = open();
    runtime.mcp.attend({
      asker: async ({ server, message, fields }) => {
        expect([server, message, Object.keys(fields['properties'] ?? {})]).toEqual([
          'modern',
          'Who are you?',
          ['name', 'age'],
        ]);
        return { action: 'accept', content: { name: 'Mara', age: 41 } };
      },
    });
    const { result } = await runtime.lua({ source: 'return app.mcp.modern.ask{}', name: 't', force: true });
    await runtime.close();
    expect(result).toMatchObject({ action: 'accept', content: { name: 'Mara', age: 41 } });
  });

  it('what it asks where nobody is there fails and says how it would go', async () => {
    const { error } = await lua('return app.mcp.modern.ask{}');
    expect(error?.message).toContain('nobody is there to answer: run it on a terminal');
  });

  it('the folder is told only to a server that may know it', async () => {
    expect((await lua('return app.mcp.modern.roots{}')).error?.message).toContain('--allow-roots');
    const { result } = await lua('return app.mcp.rooted.roots{}');
    expect(JSON.stringify(result)).toContain(`file://${project}`);
  });
});

describe('a server that wants a language model', () => {
  const said = /^kosmo refused sampling: it has no language model to lend\. .*model of its own/;

  it.each([
    ['in the middle of a call', 'samples.work'],
    ['and keeps to itself that it got none', 'samples.hide'],
    ['by the newest revision', 'modern.sample'],
  ])('is refused it, %s, and the program is told what, why, and what to do', async (_, tool) => {
    const { result } = await lua(
      `local ok, e = pcall(app.mcp.${tool}, {}) return { ok, e.code, e.message, app.mcp.${tool.split('.')[0]} ~= nil }`,
    );
    const [ok, code, message] = result as [boolean, string, string];
    expect([ok, code]).toEqual([false, 'tool_error']);
    expect(message.split('\n').at(-1)).toMatch(said);
    expect(message.match(/kosmo refused/g)).toHaveLength(1);
  });

  it('and asks first whether there is one, does not offer its tool', async () => {
    const { result } = await lua(`
      local names = {} for _, tool in ipairs(mcp.tools("every")) do names[#names + 1] = tool.name end
      local ok, e = pcall(function() return app.mcp.every["trigger-sampling-request"]{ prompt = "hi" } end)
      return { table.concat(names, " "):find("sampling") == nil, ok, e.code }`);
    expect(result).toEqual([true, false, 'unknown_function']);
  });
});

describe('a server of the years before that asks what nobody answers', () => {
  it.each([
    ['elicits', 'nobody is there to answer: run it on a terminal'],
    ['wants_roots', '--allow-roots'],
  ])('%s is told why, and so is the program', async (server, said) => {
    expect((await lua(`return app.mcp.${server}.work{}`)).error?.message).toContain(said);
  });
});

describe('a server of npm', () => {
  it.each(['streamableHttp', 'sse'])('answers over %s', async (transport) => {
    const port = await freePort();
    const server = spawn(node, [serverOf('server-everything'), transport], {
      env: { PATH: process.env['PATH'], PORT: String(port) },
      stdio: 'ignore',
    });
    try {
      const url = `http://127.0.0.1:${port}/${transport === 'sse' ? 'sse' : 'mcp'}`;
      await reachable(url);
      const there = join(folder, `home-${transport}`);
      mkdirSync(there);
      writeFileSync(join(there, 'mcp.json'), JSON.stringify({ mcpServers: { every: { url } } }));
      const runtime = createRuntime({ home: there, folder: project, environment: {} });
      const source = 'return { app.mcp.every.echo{ message = "hi" }, #mcp.tools("every") > 5 }';
      const { result, error } = await runtime.lua({ source, name: 't', force: true });
      await runtime.close();
      expect([error, result]).toEqual([null, ['Echo: hi', true]]);
    } finally {
      server.kill('SIGKILL');
    }
  });
});

describe('a server of the newest revision', () => {
  it('answers over HTTP as over standard input and output', async () => {
    const { result } = await lua(
      'return { app.mcp.http.add{ a = 1, b = 2 }, app.mcp.modern.add{ a = 3, b = 4 } }',
    );
    expect(result).toEqual([{ sum: 3 }, { sum: 7 }]);
  });

  it('is asked in a second run only for what it does not hold: the call itself', async () => {
    const methods = () =>
      readFileSync(overheard, 'utf8')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { method: string }).method)
        .filter((method) => method !== 'subscriptions/listen' && !method.startsWith('notifications/'));
    const source = 'return app.mcp.listened.add{ a = 1, b = 2 }';
    expect((await lua(source)).result).toEqual({ sum: 3 });
    expect(methods()).toEqual(['server/discover', 'tools/list', 'tools/call']);
    writeFileSync(overheard, '');
    expect((await lua(source)).result).toEqual({ sum: 3 });
    expect(methods()).toEqual(['tools/call']);
  });

  it('of the years before is not asked again which it speaks', async () => {
    const file = join(folder, 'methods');
    const stop = new AbortController();
    const run = () => lua('return app.mcp.recorded.work{}', { signal: stop.signal, callTimeoutMs: 400 });
    rmSync(file, { force: true });
    await run();
    await run();
    const methods = readFileSync(file, 'utf8').trim().split('\n');
    expect(methods.filter((method) => method === 'server/discover').length).toBeLessThanOrEqual(1);
    expect(methods.filter((method) => method === 'initialize').length).toBeGreaterThanOrEqual(2);
  });
});

describe('files that configure servers', () => {
  it('one that is broken is told with the place, and the others count; of one name the first counts', async () => {
    writeFileSync(join(project, '.mcp.json'), '{ "mcpServers": {\n  "a": }');
    writeFileSync(
      join(project, '.vscode/mcp.json'),
      JSON.stringify({ servers: { fine: { command: 'false' }, theirs: { command: 'true' } } }),
    );
    const runtime = open();
    const { servers: found, shadowed, faults } = runtime.mcp.configured;
    expect(faults.map(({ message }) => message)).toEqual([
      `${join(project, '.mcp.json')}: line 2, column 8 (ValueExpected) is no JSON.`,
    ]);
    expect(found.get('fine')?.scope).toBe('user');
    expect(shadowed.map(({ name, file }) => [name, file])).toEqual([
      ['fine', join(project, '.vscode/mcp.json')],
    ]);
    expect(found.get('theirs')?.scope).toBe('project');
    const { result } = await runtime.lua({ source: 'return app.mcp.fine.work{}', name: 't', force: true });
    await runtime.close();
    expect(result).toBe('called work');
  });
});

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function reachable(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    try {
      const response = await fetch(url, { headers: { accept: 'text/event-stream' } });
      await response.body?.cancel();
      return;
    } catch {
      await delay(50);
    }
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 400 && !condition(); attempt += 1) await delay(25);
}
