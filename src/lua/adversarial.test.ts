import { afterAll, describe, expect, it } from 'vitest';
import { defaultLimits, LuaPool } from './index.ts';
import { TestHost, TestPrograms } from './testing/script-host.ts';

// Every limit against every way to hide a loop or an allocation. That a run ends at all, with all it printed, is what
// is looked at here, and how much memory was counted; how soon it ends is measured by `bench/`, never asserted.
const programs = new TestPrograms();
afterAll(() => programs.close());

const MB = 1024 * 1024;

/** Ways to run `STEP` for ever, in places a program might hope that nobody looks. */
const hidingPlaces: readonly (readonly [string, string])[] = [
  ['a plain loop', 'while true do STEP end'],
  ['goto', '::again:: STEP goto again'],
  ['a numeric loop to infinity', 'for _ = 1, math.huge do STEP end'],
  ['tail calls', 'local function f() STEP return f() end f()'],
  ['pcall', 'while true do pcall(function() while true do STEP end end) end'],
  ['nested pcall', 'while true do pcall(pcall, pcall, function() while true do STEP end end) end'],
  ['an xpcall handler', 'while true do xpcall(error, function() while true do STEP end end) end'],
  [
    'a handler of a handler',
    'xpcall(function() error("x") end, function() pcall(function() while true do STEP end end) while true do STEP end end)',
  ],
  [
    'a coroutine',
    'while true do coroutine.resume(coroutine.create(function() while true do STEP end end)) end',
  ],
  [
    'coroutine.wrap',
    'for _ in coroutine.wrap(function() while true do STEP coroutine.yield(1) end end) do end',
  ],
  [
    'a coroutine of a coroutine',
    'coroutine.wrap(function() coroutine.wrap(function() while true do STEP end end)() end)()',
  ],
  [
    '__close',
    'while true do pcall(function() local x <close> = setmetatable({}, { __close = function() while true do STEP end end }) error("x") end) end',
  ],
  [
    '__close of a coroutine',
    'local co = coroutine.create(function() local x <close> = setmetatable({}, { __close = function() while true do STEP end end }) coroutine.yield() end) coroutine.resume(co) coroutine.close(co)',
  ],
  ['__index', 'local t = setmetatable({}, { __index = function() while true do STEP end end }) return t.x'],
  [
    '__newindex',
    'local t = setmetatable({}, { __newindex = function() while true do STEP end end }) t.x = 1',
  ],
  [
    '__eq',
    'local m = { __eq = function() while true do STEP end end } return setmetatable({}, m) == setmetatable({}, m)',
  ],
  [
    '__lt',
    'local m = { __lt = function() while true do STEP end end } return setmetatable({}, m) < setmetatable({}, m)',
  ],
  ['__le', 'return setmetatable({}, { __le = function() while true do STEP end end }) <= 1'],
  ['__concat', 'return "a" .. setmetatable({}, { __concat = function() while true do STEP end end })'],
  ['__len', 'return #setmetatable({}, { __len = function() while true do STEP end end })'],
  ['__call', 'setmetatable({}, { __call = function() while true do STEP end end })()'],
  ['__unm', 'return -setmetatable({}, { __unm = function() while true do STEP end end })'],
  [
    '__tostring in tostring',
    'tostring(setmetatable({}, { __tostring = function() while true do STEP end end }))',
  ],
  [
    '__tostring in print',
    'print({ { setmetatable({}, { __tostring = function() while true do STEP end end }) } })',
  ],
  [
    '__tostring in string.format',
    'string.format("%s", setmetatable({}, { __tostring = function() while true do STEP end end }))',
  ],
  [
    '__tostring of an error',
    'error(setmetatable({}, { __tostring = function() while true do STEP end end }))',
  ],
  ['__pairs', 'for _ in pairs(setmetatable({}, { __pairs = function() while true do STEP end end })) do end'],
  [
    '__gc',
    'setmetatable({}, { __gc = function() while true do STEP end end }) local t = {} for i = 1, 1e5 do t = { t } t = nil end',
  ],
  ['__gc when the state is closed', 'setmetatable({}, { __gc = function() while true do STEP end end })'],
  ['a comparator', 'table.sort({ 3, 2, 1 }, function() while true do STEP end end)'],
  ['a gsub callback', '("x"):gsub("x", function() while true do STEP end end)'],
  ['a gsub table', '("x"):gsub("x", setmetatable({}, { __index = function() while true do STEP end end }))'],
  ['a regex callback', 'regex.gsub("x", "x", function() while true do STEP end end)'],
  ['an iterator', 'for _ in function() STEP return 1 end do end'],
  [
    'a loaded chunk',
    'local step = function() STEP end load("local step = ... while true do step() end")(step)',
  ],
  ['a reader of load', 'load(function() while true do STEP end end)'],
  ['a branch of parallel', 'parallel{ function() while true do STEP end end }'],
  [
    'branches without end',
    'parallel.map(setmetatable({}, { __len = function() return math.maxinteger end }), function() STEP end)',
  ],
  [
    'settled branches',
    'while true do parallel({ function() STEP error("x") end, function() STEP error("y") end }, { settle = true }) end',
  ],
  ['the length of a list', 'parallel(setmetatable({}, { __len = function() while true do STEP end end }))'],
];

const within = (source: string, step: string) => `print("begun"); ${source.replaceAll('STEP', step)}`;

describe('the CPU limit ends a loop in', () => {
  it.each(hidingPlaces)('%s', async (_, source) => {
    const outcome = await programs.run(within(source, 'local _ = 1'), { cpuSeconds: 0.2 });
    expect(outcome).toMatchObject({ ok: false, result: null, error: { code: 'cpu_limit' } });
    expect(outcome.output).toBe('begun\n');
  });

  it.each([
    ['a Lua pattern', 'string.find(("a"):rep(50), ("a*"):rep(50) .. "b")'],
    ['a caught Lua pattern', 'while true do pcall(string.match, ("a"):rep(5000), ".-.-.-b") end'],
    ['gmatch', 'for _ in (("a"):rep(1e6)):gmatch(".-b") do end'],
    ['a regex', 'while true do pcall(regex.match, ("a"):rep(28) .. "!", "^(a+)+$") end'],
    ['regex.match_all', 'regex.match_all(("a"):rep(200000), "a*?b|")'],
    ['regex.gsub', 'while true do regex.gsub(("a"):rep(20000), "a", "b") end'],
    [
      'a pattern of its own each time',
      'local n = 0 while true do n = n + 1 regex.match("x", "x{0}" .. n) end',
    ],
    ['string.rep of nothing', 'while true do (""):rep(1e9) end'],
    ['string.format', 'while true do string.format("%99.99f", 1e300) end'],
    ['table.concat', 'local t = {} for i = 1, 1e5 do t[i] = "x" end while true do table.concat(t) end'],
    [
      'table.move',
      'local t = {} table.move(setmetatable({}, { __index = function() return nil end }), 1, 1e15 // 1 | 0, 1, t)',
    ],
    [
      'table.insert',
      'local t = setmetatable({}, { __len = function() return 1e15 // 1 | 0 end, __index = function() end, __newindex = function() end }) table.insert(t, 1, 1)',
    ],
    ['table.unpack', 'local t = {} while true do pcall(table.unpack, t, 1, 1e5) end'],
    [
      'table.sort',
      'local t = {} for i = 1, 2e5 do t[i] = i % 1000 end while true do table.sort(t, function(a, b) return a < b end) end',
    ],
    ['utf8', 'local s = ("ä"):rep(1e5) while true do utf8.len(s) utf8.codepoint(s, 1, 100) end'],
    ['string.byte', 'local s = ("x"):rep(1e5) while true do s:byte(1, 1e5) end'],
    ['string.pack', 'while true do string.unpack("i4", string.pack("i4", 5)) end'],
    ['load', 'while true do load("return " .. ("1 + "):rep(1000) .. "1") end'],
    ['json.encode', 'local t = {} for i = 1, 1e4 do t[i] = { i } end while true do json.encode(t) end'],
    ['json.decode', 'local s = "[" .. ("[1],"):rep(1e4) .. "1]" while true do json.decode(s) end'],
    ['json faults', 'local s = ("\\n"):rep(1e5) while true do pcall(json.decode, s) end'],
    [
      'tostring of a large table',
      'local t = {} for i = 1, 1e4 do t[i] = { i } end while true do tostring(t) end',
    ],
    ['questions to the host', 'while true do pcall(function() return app.integrations.unknown end) end'],
    ['the garbage collector', 'while true do setmetatable({}, { __gc = function() end }) end'],
    ['pairs of what is sealed', 'while true do for _ in pairs(app.integrations.test) do end end'],
    ['the time', 'while true do os.time() os.date() os.clock() end'],
    ['random numbers', 'while true do math.random() end'],
  ])('%s', async (_, source) => {
    const outcome = await programs.run(`print("begun"); ${source}`, { cpuSeconds: 0.2 });
    expect(outcome).toMatchObject({
      ok: false,
      result: null,
      error: { code: 'cpu_limit' },
      output: 'begun\n',
    });
  });
});

describe('the memory limit ends an allocation in', () => {
  // Kept in a global, so that nothing of it can be collected.
  const hoard = 'kept = kept or {} kept[#kept + 1] = ("x"):rep(1000) .. #kept';

  it.each(hidingPlaces)('%s', async (_, source) => {
    const outcome = await programs.run(within(source, hoard), { memoryBytes: 4 * MB, cpuSeconds: 20 });
    expect(outcome).toMatchObject({ ok: false, result: null, error: { code: 'memory_limit' } });
    expect(outcome.output).toBe('begun\n');
    expect(outcome.memoryBytes).toBeLessThanOrEqual(4 * MB);
  });

  const many = 'local s, t = ("x"):rep(1e6), {} for i = 1, 1000 do t[i] = s end ';
  const doubled = 'local t = { "x" } for i = 1, 60 do t = { t, t } end ';

  it.each([
    ['string.rep', '("x"):rep(1e9)'],
    ['string.rep that is caught', 'while true do pcall(string.rep, "x", 1e9) end'],
    ['concatenation', 'local s = "x" while true do s = s .. s end'],
    ['table.concat', 'local t = {} for i = 1, 1000 do t[i] = ("x"):rep(1e5) end table.concat(t)'],
    ['table.concat of one string', `${many} table.concat(t)`],
    [
      'string.format',
      `local s = ("x"):rep(1e6) string.format(("%s"):rep(50), table.unpack((function() local t = {} for i = 1, 50 do t[i] = s end return t end)()))`,
    ],
    ['gsub', '(("x"):rep(1e6)):gsub("x", ("y"):rep(100))'],
    ['regex.gsub', 'regex.gsub(("x"):rep(2e4), "x", ("y"):rep(5000))'],
    ['regex.match_all', 'local t = {} for i = 1, 1e6 do t[i] = regex.match_all(("x"):rep(2000), "x") end'],
    ['table.pack', 'local t = {} while true do t[#t + 1] = table.pack(table.unpack({}, 1, 1e4)) end'],
    [
      'table.move',
      'table.move(setmetatable({}, { __index = function(_, i) return i end }), 1, 1e8 // 1 | 0, 1, {})',
    ],
    [
      'coroutines',
      'local t = {} while true do t[#t + 1] = coroutine.wrap(function() coroutine.yield() end) t[#t]() end',
    ],
    [
      'a deep stack of values',
      'local function f() local a, b, c, d, e, g, h = {}, {}, {}, {}, {}, {}, {} return f() + 1 end f()',
    ],
    [
      'utf8.char',
      'local t = {} for i = 1, 1e5 do t[i] = 0x1F600 end local s = {} while true do s[#s + 1] = utf8.char(table.unpack(t, 1, 5000)) .. #s end',
    ],
    ['a chunk without end', 'load(function() return "x = 1 " end)'],
    ['many chunks', 'local t = {} while true do t[#t + 1] = load("return " .. #t) end'],
    [
      'string.pack',
      'string.pack("!16 " .. ("i16"):rep(1000) .. "s", (function() local t = {} for i = 1, 1000 do t[i] = i end t[1001] = ("x"):rep(5e6) return table.unpack(t) end)())',
    ],
    ['json.encode of one string many times', `${many} json.encode(t)`],
    ['json.encode of a table in itself many times', `${doubled} json.encode(t)`],
    ['json.encode of what is escaped', 'json.encode(("\\0"):rep(3e6))'],
    ['json.decode of many tables', 'json.decode("[" .. ("{},"):rep(5e5) .. "{}]")'],
    ['json.decode of many numbers', 'json.decode("[" .. ("1,"):rep(1e6) .. "1]")'],
    ['print of one string many times', `${many} print(t)`],
    ['print of a table in itself many times', `${doubled} print(t)`],
    ['dump of what is escaped', 'dump(("\\0"):rep(3e6))'],
    ['tostring of one string many times', `${many} tostring(t)`],
    ['a result of one string many times', `${many} return t`],
    ['a result of a table in itself many times', `${doubled} return t`],
    ['many results', 'local s = ("x"):rep(2e6) return s, s, s, s, s, s, s, s, s'],
    ['an error of one string many times', `${many} error(t)`],
    ['arguments of one string many times', `${many} app.integrations.test.send{ t = t }`],
    [
      'arguments of many calls',
      'local s = ("x"):rep(1e6) parallel.map(setmetatable({}, { __len = function() return 1000 end }), function() return app.integrations.test.never{ s = s } end, { limit = 1000 })',
    ],
    [
      'answers nobody has taken',
      'parallel.map(setmetatable({}, { __len = function() return 1000 end }), function() return app.integrations.test.big{} end, { limit = 1000 })',
    ],
    [
      'errors of the host that are kept',
      'local t = {} while true do local _, e = pcall(function() return app.integrations.unknown end) t[#t + 1] = e end',
    ],
    [
      'keys of its own in every object',
      'local t = {} while true do t[#t + 1] = json.decode("{\\"a" .. #t .. "\\":1,\\"b" .. #t .. "\\":2}") end',
    ],
    ['a program that is large itself', `local s = [[${'x'.repeat(9 * MB)}]]`],
  ])('%s', async (_, source) => {
    const host = new TestHost();
    host.answer = ({ function: name }) =>
      name === 'never' ? new Promise(() => undefined) : name === 'big' ? 'x'.repeat(MB) : true;
    const outcome = await programs.run(
      `print("begun"); ${source}`,
      { memoryBytes: 8 * MB, cpuSeconds: 20 },
      host,
    );
    expect(outcome).toMatchObject({ ok: false, result: null, error: { code: 'memory_limit' } });
    if (!source.includes('[[xxx')) expect(outcome.output).toBe('begun\n');
    // What Lua holds is held to the limit itself; what the host makes of it may pass it by no more than this.
    expect(outcome.memoryBytes).toBeLessThanOrEqual(8 * MB + 16 * MB);
  });

  it('at any size, never with a fault of ours', async () => {
    const source = 'local t = {} for i = 1, 1e6 do t[i] = tostring({ i }) .. json.encode{ i } end return t';
    for (let bytes = 1_000; bytes < 150_000; bytes += 5_003) {
      const outcome = await programs.run(source, { memoryBytes: bytes });
      expect([bytes, outcome.error?.code]).toEqual([bytes, 'memory_limit']);
    }
    expect(await programs.result('return 1')).toBe(1);
  });

  it('but not a program whose garbage fits once it is collected', async () => {
    const source = `for i = 1, 10 do local s = ("x"):rep(1e6) .. i assert(#json.decode(json.encode{ s })[1] == #s) end
      for i = 1, 60 do regex.match(("x"):rep(1e5), "^x") tostring{ ("x"):rep(1e5) } end
      return 1`;
    expect(await programs.run(source, { memoryBytes: 8 * MB })).toMatchObject({ error: null, result: 1 });
  });
});

describe('the output limit ends prints in', () => {
  it.each(hidingPlaces)('%s', async (_, source) => {
    const outcome = await programs.run(within(source, 'print("line")'), { outputBytes: 200, cpuSeconds: 20 });
    expect(outcome).toMatchObject({ ok: false, result: null, error: { code: 'output_limit' } });
    expect(outcome.output).toBe(`begun\n${'line\n'.repeat(38)}`);
  });
});

describe('the time limit', () => {
  it('ends a wait, wherever it stands', async () => {
    const host = new TestHost();
    host.answer = () => new Promise(() => undefined);
    const pool = new LuaPool();
    // As many as run at once.
    const places = hidingPlaces.filter((_, index) => index % 3 !== 0 || index < 6).slice(-16);
    const limits = { ...defaultLimits, wallSeconds: 6 };
    // All at once: they only wait.
    const outcomes = await Promise.all(
      places.map(async ([place, source]) => {
        const program = within(source, 'app.integrations.test.never{}');
        return [place, await pool.run({ source: program, name: 'test.lua', host, limits })] as const;
      }),
    );
    for (const [place, { output, result, error }] of outcomes) {
      expect([place, output, result, error?.code]).toEqual([place, 'begun\n', null, 'time_limit']);
    }
    expect(host.calls.length).toBeGreaterThanOrEqual(places.length);
    await pool.close();
  });
});
