import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime } from './index.ts';

const runtime = createRuntime({ localDatabase: ':memory:', environment: {} });
afterAll(() => runtime.close());

/** Ways to make calls without end, with `CALL` for one of them. */
const hidingPlaces: readonly (readonly [string, string])[] = [
  ['a loop', 'while true do CALL end'],
  ['pcall', 'while true do pcall(function() while true do CALL end end) end'],
  ['an xpcall handler', 'xpcall(error, function() while true do pcall(function() CALL end) end end)'],
  ['a coroutine', 'while true do coroutine.wrap(function() CALL end)() end'],
  [
    '__close',
    'while true do pcall(function() local x <close> = setmetatable({}, { __close = function() CALL end }) end) end',
  ],
  ['__index', 'local t = setmetatable({}, { __index = function() while true do CALL end end }) return t.x'],
  [
    '__gc',
    'while true do setmetatable({}, { __gc = function() CALL end }) local t = {} for i = 1, 100 do t[i] = {} end end',
  ],
  [
    '__tostring',
    'while true do pcall(tostring, setmetatable({}, { __tostring = function() CALL return "" end })) end',
  ],
  ['a comparator', 'table.sort({ 3, 2, 1 }, function() while true do pcall(function() CALL end) end end)'],
  [
    'a gsub callback',
    '(("x"):rep(1000)):gsub("x", function() pcall(function() CALL end) end) while true do end',
  ],
  [
    'a loaded chunk',
    'local call = function() CALL end while true do pcall(load("local call = ... call()"), call) end',
  ],
  [
    'parallel',
    'parallel.map(setmetatable({}, { __len = function() return 1000 end }), function() CALL end, { limit = 4 })',
  ],
  [
    'settled branches',
    'while true do parallel({ function() CALL end, function() CALL end }, { settle = true }) end',
  ],
  [
    'paginate',
    'while true do for _ in paginate(app.integrations.workos.list_users, { limit = 1 }) do end end',
  ],
];

describe('the call limit ends calls in', () => {
  it.each(hidingPlaces)('%s', async (_, source) => {
    const call = 'app.integrations.workos.list_users{ limit = 1 }';
    const outcome = await runtime.lua({
      source: `print("begun"); ${source.replaceAll('CALL', call)}`,
      name: 'test.lua',
      account: 'localhost',
      callLimits: { calls: 12 },
      limits: { cpuSeconds: 20 },
    });
    expect(outcome).toMatchObject({
      ok: false,
      output: 'begun\n',
      result: null,
      error: { code: 'call_limit' },
    });
    expect(outcome.calls.length).toBeGreaterThanOrEqual(12);
    // The one that was too many is told as well, and was not sent.
    expect(outcome.calls.filter(({ status }) => status === 200)).toHaveLength(12);
  });
});

describe('what is too long to show', () => {
  it('is cut, and kept whole in a file: an error’s message', async () => {
    const home = mkdtempSync(join(tmpdir(), 'kosmo-home-'));
    const own = createRuntime({ home, localDatabase: ':memory:', environment: {} });
    const { error } = await own.lua({ source: 'error(("x"):rep(3e6 // 1 | 0), 0)', name: 'test.lua' });
    expect(error?.code).toBe('script_error');
    expect(error?.message).toMatch(/^x{2000}… \(3000000 bytes; all of it is in /);
    expect(readFileSync(String(error?.details['file']), 'utf8')).toBe('x'.repeat(3_000_000));
    await own.close();
    rmSync(home, { recursive: true });
  });
});
