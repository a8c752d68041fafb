import { afterEach, describe, expect, it } from 'vitest';
import { defaultLimits, LuaPool } from './index.ts';
import { TestHost } from './testing/script-host.ts';

let pool = new LuaPool();
afterEach(async () => {
  await pool.close();
  pool = new LuaPool();
});

const run = (source: string, more: { host?: TestHost; cpuSeconds?: number; seed?: number } = {}) => {
  const { host = new TestHost(), cpuSeconds = 30, seed } = more;
  const limits = { ...defaultLimits, cpuSeconds };
  return pool.run({ source, name: 'test.lua', host, limits, ...(seed === undefined ? {} : { seed }) });
};

/** A host that answers once a number of programs have asked, so that they can only go on together. */
function together(count: number): TestHost {
  const host = new TestHost();
  const waiting: (() => void)[] = [];
  host.answer = async ({ args }) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length === count) for (const go of waiting) go();
    });
    return args;
  };
  return host;
}

describe('programs of one host', () => {
  it('run ten at a time, each with its own state, output, calls and errors', async () => {
    const host = together(10);
    const source = (n: number) =>
      `x = (x or 0) + ${n} print(x) local v = app.integrations.test.get{ n = x } if x == 7 then error("seven") end return { v.n, x }`;
    const outcomes = await Promise.all(Array.from({ length: 10 }, (_, n) => run(source(n), { host })));
    outcomes.forEach((outcome, n) => {
      expect(outcome.output).toBe(`${n}\n`);
      if (n === 7) expect(outcome.error?.message).toBe('test.lua:1: seven');
      else expect(outcome).toMatchObject({ error: null, result: [n, n] });
    });
  });

  it('wait their turn when there are very many', async () => {
    const outcomes = await Promise.all(Array.from({ length: 24 }, (_, n) => run(`return ${n}`)));
    expect(outcomes.map(({ result }) => result)).toEqual(Array.from({ length: 24 }, (_, n) => n));
  });

  it('are not hurt by one that is ended for a limit', async () => {
    const [bad, good] = await Promise.all([
      run('while true do end', { cpuSeconds: 0.1 }),
      run('local n = 0 for i = 1, 1e6 do n = n + i end return n'),
    ]);
    expect(bad.error?.code).toBe('cpu_limit');
    expect(good).toMatchObject({ error: null, result: 500_000_500_000 });
    expect((await run('return 1')).result).toBe(1);
  });

  it('find nothing of what ran in their thread before', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { result } = await run(
        'local seen = { tostring(x), tostring(string.mine) } x = 1 string.mine = 2 return seen',
      );
      expect(result).toEqual(['nil', 'nil']);
    }
  });

  it('give the same with a seed, whatever thread they get', async () => {
    const source =
      'local keys = {} for k in pairs(_G) do keys[#keys + 1] = k end return { math.random(1e9 // 1 | 0), keys }';
    const first = await run(source, { seed: 5 });
    const others = await Promise.all([run('x = 1'), run(source, { seed: 5 }), run(source, { seed: 5 })]);
    expect(others[1].result).toEqual(first.result);
    expect(others[2].result).toEqual(first.result);
  });

  it('end as interrupted when their host is closed, waiting ones too', async () => {
    const host = new TestHost();
    host.answer = () => new Promise(() => undefined);
    const running = Array.from({ length: 18 }, () => run('app.integrations.test.never{}', { host }));
    await pool.close();
    for (const { error } of await Promise.all(running)) expect(error?.code).toBe('interrupted');
  });
});

describe('a thread that is kept', () => {
  it('is used by nobody else, so that what it holds stays', async () => {
    const worker = pool.take();
    const line = (source: string) =>
      worker.run({ source, name: 'repl', host: new TestHost(), limits: defaultLimits, session: true });
    await line('kept = 5');
    await Promise.all([run('kept = 1'), run('kept = 2'), run('kept = 3')]);
    expect((await line('return kept')).result).toBe(5);
  });
});
