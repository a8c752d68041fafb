import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime } from './index.ts';

const home = mkdtempSync(join(tmpdir(), 'kosmo-session-'));
const runtime = createRuntime({ home, localDatabase: ':memory:', environment: {} });
const session = runtime.openSession({ name: 'repl', account: 'localhost' });
afterAll(async () => {
  await runtime.close();
  rmSync(home, { recursive: true });
});

const complete = async (text: string) => (await session.complete(text)).names;

describe('completion', () => {
  it('knows globals and keywords', async () => {
    expect(await complete('coro')).toEqual(['coroutine']);
    expect(await complete('print(pag')).toEqual(['paginate']);
    expect(await complete('whi')).toEqual(['while']);
    await session.run('my_own_name = 1', () => undefined);
    expect(await complete('x = my_o')).toEqual(['my_own_name']);
  });

  it('knows what is in a table', async () => {
    expect(await complete('string.for')).toEqual(['format']);
    expect(await complete('json.')).toEqual(['array', 'decode', 'encode', 'null', 'object']);
    expect(await complete('nothing.at.all')).toEqual([]);
  });

  it('knows integrations, their functions and their arguments, by any name', async () => {
    expect(await complete('app.integrations.wor')).toEqual(['workos']);
    expect(await complete('app.integrations.workos.list_user')).toContain('list_users');
    await session.run('w = app.integrations.workos', () => undefined);
    expect(await complete('print(w.create_org')).toContain('create_organization');
    expect(await complete('w.list_users{ li')).toEqual(['limit = ']);
    expect(await complete('w.list_users{ limit = 5, or')).toContain('order = ');
    expect(await complete('w.create_organization({ na')).toEqual(['name = ']);
    expect((await session.complete('w.list_users{ li')).replaces).toBe('li');
  });

  it('runs nothing of the program’s: no metamethod, no global it has replaced', async () => {
    await session.run(
      `ran = 0
      local function run() ran = ran + 1 return "x" end
      traps = { deep = { inner = { name_of_field = 1 } } }
      local all = { __index = run, __pairs = run, __tostring = run, __len = run, __call = run, __name = "app.integrations.workos", __eq = run, __gc = nil }
      setmetatable(traps, all) setmetatable(traps.deep, all) setmetatable(traps.deep.inner, all)
      for _, name in ipairs{ "pairs", "next", "type", "tostring", "rawget", "select", "ipairs" } do
        local own = _G[name] originals = originals or {} originals[name] = own
      end
      for name in originals.pairs(originals) do _G[name] = function(...) run() return originals[name](...) end end
      setmetatable(_G, { __index = function() run() end })`,
      () => undefined,
    );
    for (const text of [
      'traps.',
      'traps.deep.',
      'traps.missing.',
      'traps.deep.x.y.z',
      'unknown.',
      'unknown.x.',
      'traps{ ',
      'traps.deep{ x',
      'string.',
      'app.integrations.workos.list_users{ ',
      'app.mcp.x.',
    ])
      await complete(text);
    expect(await complete('traps.deep.inner.name')).toEqual(['name_of_field']);
    let printed = '';
    await session.run('=ran == 0', (text) => {
      printed += text;
    });
    expect([printed, session.calls]).toEqual(['true\n', []]);
    await session.run(
      'for name, own in originals.next, originals do _G[name] = own end setmetatable(_G, nil)',
      () => undefined,
    );
  });

  it('changes nothing and makes no call', async () => {
    await session.run(
      'calls = 0 t = setmetatable({}, { __index = function() calls = calls + 1 end })',
      () => undefined,
    );
    await complete('t.x');
    let printed = '';
    await session.run('calls', (text) => {
      printed += text;
    });
    expect([printed, session.calls]).toEqual(['0\n', []]);
  });
});

describe('a session with a seed and a time', () => {
  it('has both in every line', async () => {
    const lines = [
      '=math.random(1e9 // 1 | 0)',
      '=os.time(), os.date("!%c")',
      '=math.random(1e9 // 1 | 0)',
      'for k in pairs{ a = 1, b = 2, c = 3 } do print(k) end',
      '=os.time()',
    ];
    const type = async (seed: number) => {
      const seeded = runtime.openSession({ name: 'repl', seed, now: Date.UTC(2026, 0, 31, 12) });
      let printed = '';
      for (const line of lines) await seeded.run(line, (text) => (printed += text));
      return printed;
    };
    const [first, second, other] = [await type(7), await type(7), await type(8)];
    expect(first).toBe(second);
    expect(first).not.toBe(other);
    expect(first.match(/^1769860800\b/gm)).toHaveLength(2);
    expect(first).toContain('Sat Jan 31 12:00:00 2026');
  });
});
