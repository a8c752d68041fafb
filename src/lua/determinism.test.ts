import { afterAll, describe, expect, it } from 'vitest';
import { defaultLimits, runScript, startLuaWorker } from './index.ts';
import { TestHost } from './testing/script-host.ts';

const worker = startLuaWorker();
afterAll(() => worker.close());

const run = (source: string, settings: { seed?: number; now?: number } = {}) =>
  runScript(worker, { source, name: 'test.lua', host: new TestHost(), limits: defaultLimits, ...settings });

/** Everything that differs from run to run by nature. */
const everything = `
  local keys = {}
  for i = 1, 40 do keys["key" .. i] = i end
  for key in pairs(keys) do print(key) end
  local things = {}
  for i = 1, 20 do things[i % 2 == 0 and {} or function() end] = i end
  for _, i in pairs(things) do print(i) end
  print(math.random(), math.random(1000), math.randomseed(), math.random(1 << 40))
  print(os.time(), os.date("!%c"), os.date("!*t").sec, os.clock(), os.clock())
  for key in pairs(_G) do print(key) end
  local found = app.integrations.test.echo{ b = 1, a = { c = 2, d = { 3 } } }
  for key in pairs(found) do print(key) end
  return found`;

describe('a run with a seed and a time', () => {
  it('prints the same, byte for byte, whatever ran before', async () => {
    const settings = { seed: 42, now: Date.UTC(2026, 0, 31, 12) };
    const first = await run(everything, settings);
    expect(first.error).toBeNull();
    await run('local t = {} for i = 1, 1000 do t["x" .. i] = { i } end print(1)');
    const second = await run(everything, settings);
    expect(second.output).toBe(first.output);
    expect(second.result).toEqual(first.result);
    expect(first.output).toContain('1769860800\tSat Jan 31 12:00:00 2026\t0\t0.001\t0.002\n');
    expect((await run(everything, { ...settings, seed: 43 })).output).not.toBe(first.output);
  });

  it('has other random numbers each time without them', async () => {
    const source = 'return { math.random(0), math.random(0) }';
    const [first, second] = [(await run(source)).result, (await run(source)).result];
    expect(first).not.toEqual(second);
    expect((await run('math.randomseed(5) return math.random(1000000)')).result).toEqual(
      (await run('math.randomseed(5) return math.random(1000000)')).result,
    );
  });

  it('has the CPU time it used as its clock, without waiting', async () => {
    const host = new TestHost();
    host.answer = async () => {
      await new Promise((resolve) => setTimeout(resolve, 120));
      return 1;
    };
    const source = 'local before = os.clock() app.integrations.test.slow{} return os.clock() - before';
    const { result } = await runScript(worker, { source, name: 'test.lua', host, limits: defaultLimits });
    expect(result).toBeLessThan(0.1);
    expect(
      (await run('local n = os.clock() while os.clock() - n < 0.02 do end return os.clock() < 5')).result,
    ).toBe(true);
  });
});
