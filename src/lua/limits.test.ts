import { afterAll, describe, expect, it } from 'vitest';
import { TestHost, TestPrograms } from './testing/script-host.ts';

const programs = new TestPrograms();
afterAll(() => programs.close());

const MB = 1024 * 1024;

describe('the CPU limit', () => {
  it.each([
    ['a loop', 'while true do end'],
    ['a loop of caught errors', 'while true do pcall(error, "x") end'],
    ['an error handler', 'xpcall(error, function() while true do end end)'],
    ['a coroutine', 'coroutine.wrap(function() while true do end end)()'],
    ['many coroutines', 'while true do coroutine.wrap(function() coroutine.yield() end)() end'],
    ['a comparator', 'table.sort({ 1, 2, 3 }, function() while true do end end)'],
    ['a gsub callback', '("x"):gsub("x", function() while true do end end)'],
    ['a pattern', 'string.find(("a"):rep(40), ("a*"):rep(40) .. "b")'],
    ['a metamethod', 'local t = setmetatable({}, { __index = function() while true do end end }) return t.x'],
    [
      'a closing variable',
      'do local x <close> = setmetatable({}, { __close = function() while true do end end }) end',
    ],
    ['a loaded chunk', 'load("while true do end")()'],
    [
      'a long computation in C',
      'local t = {} for i = 1, 200000 do t[i] = i % 7 end while true do table.concat(t) end',
    ],
  ])('ends %s, and keeps what was printed', async (_, source) => {
    const outcome = await programs.run(`print("before"); ${source}`, { cpuSeconds: 0.1 });
    expect(outcome).toMatchObject({ ok: false, output: 'before\n', error: { code: 'cpu_limit' } });
  });

  it('leaves out the time a call takes', async () => {
    const host = new TestHost();
    host.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return 1;
    };
    const outcome = await programs.run(
      'app.integrations.test.slow{} app.integrations.test.slow{} return 1',
      { cpuSeconds: 0.2 },
      host,
    );
    expect(outcome).toMatchObject({ ok: true, result: 1 });
  });
});

describe('the time limit', () => {
  it('ends a run that waits for a call, and tells the call', async () => {
    const host = new TestHost();
    host.answer = () => new Promise(() => undefined);
    const outcome = await programs.run(
      'print("asked") app.integrations.test.never{}',
      { wallSeconds: 1 },
      host,
    );
    expect(outcome).toMatchObject({ output: 'asked\n', error: { code: 'time_limit' } });
  });
});

describe('the memory limit', () => {
  it.each([
    ['tables', 'local t = {} for i = 1, 1e9 do t[i] = { i } end'],
    ['one long string', 'local s = ("x"):rep(1e9)'],
    ['doubling', 'local s = "x" while true do s = s .. s end'],
    ['concat', 'local t = {} for i = 1, 100 do t[i] = ("x"):rep(1e6) end table.concat(t)'],
    [
      'coroutines',
      'local t = {} while true do t[#t + 1] = coroutine.create(function() end) coroutine.resume(t[#t]) end',
    ],
    ['closures', 'local t = {} while true do t[#t + 1] = function() return t end end'],
    ['what is caught', 'pcall(string.rep, "x", 1e9)'],
    ['what is caught again and again', 'while true do pcall(string.rep, "x", 1e9) end'],
    ['an answer', 'local kept = {} while true do kept[#kept + 1] = app.integrations.test.big{} end'],
  ])('ends a run that holds too much: %s', async (_, source) => {
    const host = new TestHost();
    host.answer = () => Array.from({ length: 5_000 }, (__, index) => ({ index, text: 'x'.repeat(20) }));
    const outcome = await programs.run(`print("before"); ${source}`, { memoryBytes: 8 * MB }, host);
    expect(outcome).toMatchObject({ ok: false, output: 'before\n', error: { code: 'memory_limit' } });
    expect(outcome.memoryBytes).toBeLessThanOrEqual(12 * MB);
  });

  it('does not mind garbage', async () => {
    const source =
      'for i = 1, 2000 do local s = ("x"):rep(100000) end for i = 1, 300000 do local t = { i } end return 1';
    expect(await programs.run(source, { memoryBytes: 4 * MB })).toMatchObject({ ok: true, result: 1 });
  });

  it('may be too small for any program', async () => {
    expect(await programs.run('return 1', { memoryBytes: 10_000 })).toMatchObject({
      error: { code: 'memory_limit' },
    });
  });

  it('is reported as what was held at most', async () => {
    const { memoryBytes } = await programs.run('local s = ("x"):rep(3000000) return 1');
    expect(memoryBytes).toBeGreaterThan(3_000_000);
    expect(memoryBytes).toBeLessThan(8_000_000);
  });
});

describe('the output limit', () => {
  it('shows the prints that fit, and ends the run', async () => {
    const outcome = await programs.run('while true do print("ü") end', { outputBytes: 100 });
    expect(outcome.error?.code).toBe('output_limit');
    expect(outcome.output).toBe('ü\n'.repeat(33));
    expect(outcome.overflow).toBe('ü\n');
  });

  it('holds for one long text', async () => {
    const outcome = await programs.run('print(("x"):rep(200000))', { outputBytes: 100_000 });
    expect(outcome).toMatchObject({
      error: { code: 'output_limit' },
      output: '',
      overflow: `${'x'.repeat(200_000)}\n`,
    });
  });

  it('leaves output below it whole and in order', async () => {
    const outcome = await programs.run('for i = 1, 20000 do print(i) end');
    expect(outcome.output).toBe(`${Array.from({ length: 20_000 }, (_, index) => index + 1).join('\n')}\n`);
  });
});

describe('a run', () => {
  it('hands over what is printed while it goes on', async () => {
    const host = new TestHost();
    let seen = '';
    host.answer = () => seen;
    const { startLuaWorker, runScript, defaultLimits } = await import('./index.ts');
    const worker = startLuaWorker();
    const outcome = await runScript(worker, {
      source: 'print("one") return app.integrations.test.seen{}',
      name: 'test.lua',
      host,
      limits: defaultLimits,
      onOutput: (text) => {
        seen += text;
      },
    });
    await worker.close();
    expect(outcome.result).toBe('one\n');
  });

  it('can be interrupted', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const outcome = await programs.run(
      'print("before") while true do end',
      {},
      new TestHost(),
      controller.signal,
    );
    expect(outcome).toMatchObject({ output: 'before\n', error: { code: 'interrupted' } });
  });

  it('is not hurt by a host that fails', async () => {
    const host = new TestHost();
    host.answer = () => {
      throw new Error('the host has a fault');
    };
    expect(
      await programs.run(
        'local ok, e = pcall(app.integrations.test.x) return { ok, e.kind, e.message }',
        {},
        host,
      ),
    ).toMatchObject({
      result: [false, 'internal', 'Error: the host has a fault'],
    });
  });

  it('goes well after one that was ended', async () => {
    for (const source of [
      'while true do end',
      'local t = {} while true do t[#t + 1] = t end',
      'while true do print(1) end',
    ]) {
      await programs.run(source, { cpuSeconds: 0.05, memoryBytes: 2 * MB, outputBytes: 1_000 });
      expect(await programs.result('return 1')).toBe(1);
    }
  });
});
