import { afterAll, describe, expect, it } from 'vitest';
import { type JsonValue, stringifyJson } from '../support/json.ts';
import { defaultLimits, runScript, startLuaWorker } from './index.ts';
import { TestHost, TestPrograms } from './testing/script-host.ts';

const programs = new TestPrograms();
afterAll(() => programs.close());

/** What calls in quick succession and the first one of a program take different ways for. */
const values: readonly JsonValue[] = [
  '',
  '\0',
  'ü€😀\u2028"\\\n',
  '\ud800 alone',
  'x'.repeat(30_000),
  '€'.repeat(30_000),
  'x'.repeat(200_000),
  0,
  -0,
  1.5,
  1e300,
  -1e21,
  9007199254740993n,
  -9223372036854775808n,
  true,
  [],
  [1, null, [2, { a: [] }]],
  { b: 1, a: { __proto__: 2, '': 3, '10': 4, '9': 5 } },
];

describe('calls in quick succession', () => {
  it('carry every value there and back as the first one does', async () => {
    const host = new TestHost();
    let next: JsonValue = null;
    host.answer = ({ args }) => (args['next'] === true ? { value: next } : args);
    for (const value of values) {
      next = value;
      const result = await programs.result(
        `local test = app.integrations.test
        local value = test.get{ next = true }.value
        local first = json.encode(test.echo{ value = value })
        for call = 1, 20 do
          assert(json.encode(test.get{ next = true }) == first)
          assert(json.encode(test.echo{ value = value }) == first)
        end
        return first`,
        host,
      );
      expect(result).toBe(stringifyJson({ value: host.calls[1]?.args['value'] }));
      // Lua's text is bytes: half of a character is no character.
      const expected = typeof value === 'string' ? Buffer.from(value).toString() : value;
      for (const { args } of host.calls.splice(0)) {
        if (args['next'] !== true) expect(args['value']).toEqual(expected);
      }
    }
  });

  it('come in the order they were made in, and what was printed before them comes before them', async () => {
    const heard: string[] = [];
    const host = new TestHost();
    host.answer = ({ args }) => {
      heard.push(`call ${stringifyJson(args['n'] ?? null)}`);
      return args;
    };
    const worker = startLuaWorker();
    const { error } = await runScript(worker, {
      source: `local echo = app.integrations.test.echo
        for n = 1, 500 do
          if n % 3 == 0 then print(n) end
          if n % 50 == 0 then
            parallel.map({ 1, 2, 3, 4, 5 }, function(more) return echo{ n = n + more / 10 } end)
          else
            echo{ n = n }
          end
        end`,
      name: 'order.lua',
      host,
      limits: defaultLimits,
      onOutput: (text) => {
        for (const line of text.trimEnd().split('\n')) heard.push(`print ${line}`);
      },
    });
    await worker.close();
    expect(error).toBeNull();
    const expected: string[] = [];
    for (let n = 1; n <= 500; n += 1) {
      if (n % 3 === 0) expected.push(`print ${n}`);
      if (n % 50 === 0) for (let more = 1; more <= 5; more += 1) expected.push(`call ${n + more / 10}`);
      else expected.push(`call ${n}`);
    }
    expect(heard).toEqual(expected);
  });

  it('find nothing of what the program before them was answered', async () => {
    const host = new TestHost();
    let calls = 0;
    host.answer = () => {
      calls += 1;
      return { n: calls };
    };
    const one = `local n for _ = 1, 50 do n = app.integrations.test.count{}.n end return n`;
    // The last call of the first program is submitted and never waited for.
    const left = `for _ = 1, 50 do app.integrations.test.count{} end
      pcall(parallel, { function() app.integrations.test.count{} end, function() error("enough") end })
      return 0`;
    for (let round = 0; round < 10; round += 1) {
      expect(await programs.result(left, host)).toBe(0);
      const before = calls;
      expect(await programs.result(one, host)).toBe(before + 50);
    }
  });
});
