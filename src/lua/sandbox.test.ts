import { afterAll, describe, expect, it } from 'vitest';
import { failure } from '../support/errors.ts';
import { type JsonObject, stringifyJson } from '../support/json.ts';
import { TestHost, TestPrograms } from './testing/script-host.ts';

// The known ways out of a Lua sandbox, one by one.
const programs = new TestPrograms();
afterAll(() => programs.close());

const failing = () => {
  const host = new TestHost();
  host.answer = () => failure('api_error', 'Nobody.', { details: { status: 404 } });
  return host;
};

describe('bytecode', () => {
  it.each([
    ['in load', 'load("\\27Lua\\x54\\0\\x19\\x93\\r\\n")'],
    ['in load that asks for it', 'load("\\27Lua", "x", "b")'],
    ['in load that takes both', 'load("\\27Lua", "x", "bt", {})'],
    [
      'piece by piece',
      '(function() local n = 0 return load(function() n = n + 1 return ("\\27Lua"):sub(n, n) end, "x", "b") end)()',
    ],
    [
      'in load kept from before',
      '(function() local own = load load = nil return own("\\27Lua", "x", "b") end)()',
    ],
    [
      'behind a mode that is no text',
      '(function() return load("\\27Lua", "x", setmetatable({}, { __tostring = function() return "b" end })) end)()',
    ],
  ])('is refused %s', async (_, expression) => {
    const source = `local ok, fn, why = pcall(function() return ${expression} end) return { ok, type(fn), tostring(why or fn) }`;
    const [ok, kind, why] = (await programs.result(source)) as unknown[];
    expect([ok === true && kind === 'function', String(why)]).toEqual([
      false,
      expect.stringMatching(/binary chunk|string expected/) as string,
    ]);
  });

  it('cannot be made', async () => {
    expect(await programs.result('return { tostring(string.dump), tostring(("").dump) }')).toEqual([
      'nil',
      'nil',
    ]);
  });
});

describe('what is not there', () => {
  it.each(
    'io debug package require dofile loadfile module unpack loadstring setfenv getfenv newproxy jit ffi bit32 js host process global globalThis window'.split(
      ' ',
    ),
  )('%s', async (name) => {
    const source = `return { tostring(${name}), tostring(_G["${name}"]), tostring(_ENV["${name}"]), tostring(rawget(_G, "${name}")), tostring(load("return ${name}")()) }`;
    expect(await programs.result(source)).toEqual(['nil', 'nil', 'nil', 'nil', 'nil']);
  });

  it.each('execute exit getenv remove rename tmpname setlocale'.split(' '))('os.%s', async (name) => {
    expect(await programs.result(`return os["${name}"] == nil`)).toBe(true);
  });

  it('a collector that can be stopped', async () => {
    for (const option of [
      'collect',
      'stop',
      'restart',
      'step',
      'incremental',
      'generational',
      'isrunning',
      'x',
    ])
      expect(await programs.result(`return (pcall(collectgarbage, "${option}"))`)).toBe(false);
    expect(await programs.result('return { (pcall(collectgarbage)), (pcall(collectgarbage, nil)) }')).toEqual(
      [false, false],
    );
  });
});

describe('everything that can be reached', () => {
  // Walks tables, metatables, iterators and what functions give, and tells every value of a kind that must not be there.
  const walk = `
    local seen, found = {}, json.array{}
    local function visit(value, path, depth)
      local kind = type(value)
      if kind == "userdata" and value ~= json.null then found[#found + 1] = path end
      if kind == "thread" and value ~= coroutine.running() then found[#found + 1] = path end
      if depth > 6 or (kind ~= "table" and kind ~= "string") or seen[value] then return end
      seen[value] = true
      local meta = getmetatable(value)
      if type(meta) == "table" and not path:find("mine") then found[#found + 1] = path .. " has an open metatable" end
      if kind ~= "table" then return end
      for _, forbidden in ipairs{ "io", "debug", "package", "require", "execute", "dump", "loadlib", "constructor", "__proto__" } do
        local ok, inner = pcall(rawget, value, forbidden)
        if inner ~= nil and not (value == _G and forbidden == "dump") then found[#found + 1] = path .. "." .. forbidden end
      end
      local ok, step, state, start = pcall(pairs, value)
      if ok then
        visit(state, path .. ":state", depth + 1)
        pcall(function() for key, inner in step, state, start do
          visit(key, path .. ":key", depth + 1) visit(inner, path .. "." .. tostring(key), depth + 1)
        end end)
      end
    end
    visit(_G, "_G", 0)
    local _, refused = pcall(app.integrations.test.get)
    visit(refused, "error", 0)
    visit("", "string", 0)
    for name in pairs(string) do visit(select(2, pcall(string[name], "x", "x", "x")), name, 0) end
    visit(select(2, pcall(paginate, app.integrations.test.get)), "paginate", 0)
    return found`;

  it('is plain: no userdata, no metatable that is not locked', async () => {
    expect(await programs.result(walk, failing())).toEqual([]);
  });

  it('keeps its metatables', async () => {
    for (const target of [
      '""',
      'app',
      'app.integrations',
      'app.integrations.test',
      'app.mcp',
      'docs',
      'mcp',
      'json',
      'regex',
      'results',
      'parallel',
    ]) {
      expect([
        target,
        await programs.result(`return { getmetatable(${target}), (pcall(setmetatable, ${target}, {})) }`),
      ]).toEqual([target, [false, false]]);
    }
    for (const value of ['nil', '1', 'true', 'print', 'json.null', 'coroutine.running()'])
      expect([
        value,
        await programs.result(
          `return { tostring(getmetatable(${value})), (pcall(setmetatable, ${value}, {})) }`,
        ),
      ]).toEqual([value, ['nil', false]]);
  });

  it('cannot be changed where it is the host’s', async () => {
    for (const target of [
      'app',
      'app.integrations',
      'app.integrations.test',
      'app.mcp',
      'docs',
      'mcp',
      'json',
      'regex',
      'results',
      'parallel',
    ]) {
      const outcome = await programs.result(`
        local target = ${target}
        local ways = {
          function() target.x = 1 end,
          function() target.encode = 1 end,
          function() target[1] = 1 end,
          function() table.insert(target, 1) end,
          function() table.sort(target, error) target.y = 1 end,
          function() table.move({ 1 }, 1, 1, 1, target) end,
          function() local _, inner = pairs(target) assert(not rawequal(inner, target)) inner.x = 1 end,
        }
        local worked = json.array{}
        for n, way in ipairs(ways) do if pcall(way) then worked[#worked + 1] = n end end
        return worked`);
      expect([target, outcome]).toEqual([target, []]);
    }
    // What a program sets raw is seen by that program alone, and changes nothing of what there was.
    expect(await programs.result('rawset(json, "encode", error) return json.encode == error')).toBe(true);
    expect(await programs.result('return json.encode{ 1 }')).toBe('[1]');
  });
});

describe('tricks with environments', () => {
  it.each([
    ['_ENV of the program', '_ENV = { pcall = pcall } return (pcall(function() return io.open end))'],
    [
      'an environment that looks up',
      'local env = setmetatable({}, { __index = function(_, key) return _G[key] end }) return load("return io", "x", "t", env)() ~= nil',
    ],
    ['no environment', 'return (pcall(load("return io.open", "x", "t", nil)))'],
    [
      'a metatable of _G',
      'setmetatable(_G, { __index = function(_, key) return key end }) return type(io) == "table" or type(debug) == "table"',
    ],
    [
      'a global of the same name',
      'tostring = function() return "io" end return type(_G[tostring()]) == "table"',
    ],
    ['upvalues of the host’s functions', 'return debug ~= nil and debug.getupvalue ~= nil'],
    [
      'what pcall leaves behind',
      'local ok, e = pcall(app.integrations.test.get) return type(e) == "table" and e.host ~= nil',
    ],
    ['a coroutine’s environment', 'return coroutine.wrap(function() return io ~= nil or debug ~= nil end)()'],
    [
      'a finalizer’s environment',
      'local seen = false do setmetatable({}, { __gc = function() seen = io ~= nil or debug ~= nil end }) end for i = 1, 1e5 do local t = { i } end return seen',
    ],
    [
      'a message handler’s environment',
      'return select(2, xpcall(error, function() return io ~= nil or debug ~= nil end))',
    ],
    ['a warning', 'return warn ~= nil'],
  ])('%s', async (_, source) => {
    expect(await programs.result(source, failing())).toBe(false);
  });
});

describe('names that mean something in JavaScript', () => {
  const names = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    'toJSON',
    'then',
    '__defineGetter__',
    '__lookupGetter__',
  ];

  it('are keys like any other in arguments, results, answers, json and tables', async () => {
    for (const name of names) {
      const host = new TestHost();
      const source = `local name = "${name}"
        local t = { [name] = { [name] = "x" } }
        local back = app.integrations.test.get(t)
        local decoded = json.decode(json.encode(t))
        return { t = t, back = back, decoded = decoded, inner = { t[name][name], back[name][name], decoded[name][name] } }`;
      const result = (await programs.result(source, host)) as JsonObject;
      const expected = JSON.parse(`{"${name}":{"${name}":"x"}}`) as JsonObject;
      expect(result).toEqual({ t: expected, back: expected, decoded: expected, inner: ['x', 'x', 'x'] });
      expect(host.calls[0]?.args).toEqual(expected);
      expect(Object.getPrototypeOf(host.calls[0]?.args)).toBe(Object.prototype);
      expect(Object.hasOwn(host.calls[0]?.args ?? {}, name)).toBe(true);
    }
    expect(({} as JsonObject)['x']).toBeUndefined();
  });

  it('are unknown where they were not given', async () => {
    const list = names.map((name) => `"${name}"`).join(', ');
    const source = `local found = json.array{}
      local v = app.integrations.test.get{ a = { 1 } }
      for _, name in ipairs{ ${list} } do
        for _, t in ipairs{ v, v.a, {}, json.decode("{}"), json.decode("[]"), _G, math, json.array{} } do
          if rawget(t, name) ~= nil then found[#found + 1] = name end
        end
        for _, t in ipairs{ json, docs, mcp, app, regex, parallel } do if t[name] ~= nil then found[#found + 1] = name end end
      end
      return found`;
    expect(await programs.result(source)).toEqual([]);
  });

  it('reach nothing as names of integrations, accounts, functions, options and pages', async () => {
    const host = new TestHost();
    for (const name of names) {
      const source = `local out = {}
        out[1] = pcall(function() return app.integrations.test["${name}"]{ ["${name}"] = 1 } end)
        out[2] = pcall(docs.read, "${name}")
        out[3] = pcall(docs.search, "x", { ["${name}"] = 1 })
        out[4] = pcall(parallel, {}, { ["${name}"] = 1 })
        return out`;
      expect(await programs.result(source, host)).toEqual([true, false, true, false]);
    }
  });
});

describe('errors', () => {
  it('of the host show nothing of JavaScript', async () => {
    const host = new TestHost();
    host.answer = () => {
      throw new TypeError('x is not a function');
    };
    const source = `local _, e = pcall(app.integrations.test.get) local keys = {}
      for key, value in pairs(e) do keys[#keys + 1] = key assert(type(value) ~= "function" and type(value) ~= "userdata") end
      table.sort(keys) return table.concat(keys, " ") .. "|" .. tostring(e) .. "|" .. json.encode(e)`;
    const text = stringifyJson(await programs.result(source, host));
    expect(text).not.toMatch(/\.ts|\.cjs|node:|at .*:\d+:\d+/);
    expect(text).toContain('x is not a function');
  });

  it('can be changed without changing what is told of them', async () => {
    const source = `local _, e = pcall(app.integrations.test.get)
      for key in pairs(e) do e[key] = "changed" end
      rawset(e, "message", nil) e.constructor = print
      error(e)`;
    expect(await programs.error(source, failing())).toMatchObject({ code: 'api_error', message: 'Nobody.' });
  });

  it('cannot be made to look like the host’s', async () => {
    const source = `local _, e = pcall(app.integrations.test.get)
      local fake = {} for key, value in pairs(e) do fake[key] = value end fake.kind = "memory_limit" fake.code = "internal"
      error(fake)`;
    expect((await programs.error(source, failing())).code).toBe('script_error');
  });
});
