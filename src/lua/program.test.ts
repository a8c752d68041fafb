import { afterAll, describe, expect, it } from 'vitest';
import { failure } from '../support/errors.ts';
import { TestHost, TestPrograms } from './testing/script-host.ts';

const programs = new TestPrograms();
afterAll(() => programs.close());

const notFound = failure('api_error', 'Nobody. (404 entity_not_found, GET /users/{id})', {
  hint: 'Look again.',
  details: {
    status: 404,
    code: 'entity_not_found',
    message: 'Nobody.',
    errors: [{ code: 'x' }],
    request_id: 'req_1',
    operation: 'test.get_user',
  },
});
const failing = () => {
  const host = new TestHost();
  host.answer = () => notFound;
  return host;
};

describe('what a state has', () => {
  it('is these globals and no others', async () => {
    const names = await programs.result(
      'local names = {} for name in pairs(_G) do names[#names + 1] = name end table.sort(names) return names',
    );
    expect(names).toEqual(
      '_G _VERSION app assert collectgarbage coroutine docs dump error getmetatable ipairs json load math mcp next os paginate pairs parallel pcall print rawequal rawget rawlen rawset regex results select setmetatable string table tonumber tostring type utf8 xpcall'.split(
        ' ',
      ),
    );
  });

  it('is these library functions and no others', async () => {
    const names = await programs.result(`local names = {}
      for _, library in ipairs{ "os", "string", "table", "coroutine", "utf8" } do
        local own = {} for name in pairs(_G[library]) do own[#own + 1] = name end table.sort(own)
        names[library] = table.concat(own, " ")
      end return names`);
    expect(names).toEqual({
      os: 'clock date difftime time',
      string: 'byte char find format gmatch gsub len lower match pack packsize rep reverse sub unpack upper',
      table: 'concat insert move pack remove sort unpack',
      coroutine: 'close create isyieldable resume running status wrap yield',
      utf8: 'char charpattern codepoint codes len offset',
    });
  });

  it('loads text and never bytecode', async () => {
    expect(await programs.result('return load("return 1 + 1")()')).toBe(2);
    expect(await programs.result('return (load("return x", "chunk", "bt", { x = 5 }))()')).toBe(5);
    expect(await programs.result('return select(2, load("\\27Lua", "chunk", "b"))')).toContain(
      'attempt to load a binary chunk',
    );
    expect(await programs.result('return select(2, load(function() return "\\27Lua" end))')).toContain(
      'binary chunk',
    );
    expect((await programs.error(new Uint8Array([27, 76, 117, 97, 84]))).code).toBe('syntax_error');
  });

  it('has its metatables locked', async () => {
    expect(
      await programs.result(
        'return { getmetatable(""), getmetatable(app), getmetatable(docs), getmetatable(app.integrations.test) }',
      ),
    ).toEqual([false, false, false, false]);
    expect((await programs.error('setmetatable("", {})')).message).toContain('table expected');
    expect((await programs.error('setmetatable(app, {})')).message).toContain('protected metatable');
  });

  it('has app, docs, json and mcp that cannot be changed', async () => {
    for (const target of [
      'app',
      'app.integrations',
      'app.integrations.test',
      'docs',
      'json',
      'mcp',
      'app.mcp',
    ]) {
      expect((await programs.error(`${target}.x = 1`)).message).toContain(
        `${target} cannot be changed (it was given x)`,
      );
    }
  });

  it('collects garbage by itself; a program may only look', async () => {
    expect(await programs.result('return collectgarbage("count") > 1')).toBe(true);
    expect((await programs.error('collectgarbage("stop")')).message).toContain('takes only "count"');
  });

  it('is fresh for every run', async () => {
    await programs.run('x = 1 string.upper = nil json_mark = json.array{} error = nil');
    expect(await programs.result('return { tostring(x), ("a"):upper(), type(error) }')).toEqual([
      'nil',
      'A',
      'function',
    ]);
  });

  it('knows the time', async () => {
    expect(
      await programs.result(
        'return os.time{ year = 2026, month = 2, day = 30, hour = 12 } == os.time{ year = 2026, month = 3, day = 2, hour = 12 }',
      ),
    ).toBe(true);
    expect(await programs.result('return os.date("!%Y-%m-%dT%H:%M:%SZ %j %a %B", 86400 * 59)')).toBe(
      '1970-03-01T00:00:00Z 060 Sun March',
    );
    expect(await programs.result('return os.date("!*t", 0).year')).toBe(1970);
    expect(
      await programs.result(
        `return math.abs(os.time() - ${String(Math.floor(Date.now() / 1000))}) < 5 and os.clock() >= 0`,
      ),
    ).toBe(true);
    expect(await programs.result('return os.difftime(5, 3)')).toBe(2);
  });
});

describe('app.integrations', () => {
  it('leads to functions and accounts, and lists names', async () => {
    const host = new TestHost();
    await programs.result(
      'app.integrations.test.echo{ a = 1 } app.integrations.test.work.echo() app.integrations["test"]["odd name"]{}',
      host,
    );
    expect(host.calls).toEqual([
      { integration: 'test', account: null, function: 'echo', args: { a: 1 } },
      { integration: 'test', account: 'work', function: 'echo', args: {} },
      { integration: 'test', account: null, function: 'odd name', args: {} },
    ]);
    expect(
      await programs.result(
        'local names = {} for name, fn in pairs(app.integrations.test) do names[#names + 1] = name .. type(fn) end return names',
      ),
    ).toEqual(['echofunction', 'failfunction']);
    expect(await programs.output('print(app, app.integrations, app.integrations.test, app.mcp, docs)')).toBe(
      'app\tapp.integrations\tapp.integrations.test\tapp.mcp\tdocs\n',
    );
  });

  it('says at once when a name is unknown', async () => {
    expect(await programs.error('\nlocal f = app.integrations.test.unknown')).toMatchObject({
      code: 'unknown_function',
      message: 'Unknown function app.integrations.test.unknown.',
      details: { at: 'test.lua:2' },
    });
    expect((await programs.error('return app.integrations[1]')).message).toBe(
      'test.lua:1: app.integrations has names, not 1',
    );
  });

  it('takes one table of named arguments', async () => {
    expect((await programs.error('app.integrations.test.echo("x")')).message).toContain(
      'echo: expected one table of arguments',
    );
    expect((await programs.error('app.integrations.test.echo{ "x" }')).message).toContain(
      'echo: its arguments have names',
    );
  });

  it('reaches docs and mcp as well', async () => {
    expect(
      await programs.result('return { docs.list(), docs.search("a"), docs.read("page"), mcp.servers() }'),
    ).toEqual([[{ name: 'page' }], [{ name: 'a' }], 'text', []]);
    expect(await programs.error('docs.read("nothing")')).toMatchObject({ code: 'unknown_page' });
    expect(await programs.error('return app.mcp.x')).toMatchObject({ code: 'unknown_server' });
  });
});

describe('a call blocks wherever it stands', () => {
  it.each([
    ['pcall', 'local ok, v = pcall(get, { n = 7 }) return v.n'],
    ['an xpcall handler', 'return select(2, xpcall(error, function() return get{ n = 7 }.n end))'],
    [
      'a sort comparator',
      'local t = { 3, 1, 2 } table.sort(t, function(a, b) return get{ n = a }.n < get{ n = b }.n end) return t[1] + 6',
    ],
    ['a gsub callback', 'return tonumber((("x"):gsub("x", function() return get{ n = 7 }.n end)))'],
    [
      'a coroutine',
      'local co = coroutine.create(function() coroutine.yield(get{ n = 3 }.n) return get{ n = 4 }.n end) local _, a = coroutine.resume(co) local _, b = coroutine.resume(co) return a + b',
    ],
    [
      'an iterator',
      'for v in function(_, last) if not last then return get{ n = 7 }.n end end do return v end',
    ],
    ['a loaded chunk', 'return load("return ...")(get{ n = 7 }.n)'],
    ['__index', 'return setmetatable({}, { __index = function(_, k) return get{ n = 7 }.n end }).x'],
    ['__add', 'return setmetatable({}, { __add = function() return get{ n = 7 }.n end }) + 1'],
    [
      '__lt',
      'local m = { __lt = function() return get{ n = 7 }.n == 7 end } return setmetatable({}, m) < setmetatable({}, m) and 7',
    ],
    ['__concat', 'return setmetatable({}, { __concat = function() return get{ n = 7 }.n end }) .. ""'],
    ['__call', 'return setmetatable({}, { __call = function() return get{ n = 7 }.n end })()'],
    [
      '__close',
      'local n do local x <close> = setmetatable({}, { __close = function() n = get{ n = 7 }.n end }) end return n',
    ],
    [
      '__tostring',
      'return tonumber(tostring(setmetatable({}, { __tostring = function() return tostring(get{ n = 7 }.n) end })))',
    ],
  ])('%s', async (_, body) => {
    expect(await programs.result(`local get = app.integrations.test.get ${body}`)).toBe(7);
  });
});

describe('errors', () => {
  it('of a call are tables that pcall catches', async () => {
    const caught = await programs.result(
      'local ok, e = pcall(app.integrations.test.get_user, { id = "x" }) return { ok, e.status, e.code, e.message, e.errors, e.request_id, e.operation, e.kind, e.hint, tostring(e) }',
      failing(),
    );
    expect(caught).toEqual([
      false,
      404,
      'entity_not_found',
      'Nobody.',
      [{ code: 'x' }],
      'req_1',
      'test.get_user',
      'api_error',
      'Look again.',
      notFound.message,
    ]);
  });

  it('of a call that nothing catches end the run as what they are, with the line', async () => {
    const expected = { ...notFound, details: { ...notFound.details, at: 'test.lua:2' } };
    expect(await programs.error('\napp.integrations.test.get_user{}', failing())).toEqual(expected);
    expect(
      await programs.error('\nlocal ok, e = pcall(app.integrations.test.get_user) error(e)', failing()),
    ).toEqual(expected);
    expect(
      await programs.error(
        '\nlocal co = coroutine.wrap(function() app.integrations.test.get_user{} end) co()',
        failing(),
      ),
    ).toEqual(expected);
  });

  it('of the program name its line and the functions that led there', async () => {
    expect(
      await programs.error(
        'local function inner() error("boom") end\nlocal function outer() inner() end\nouter()',
      ),
    ).toMatchObject({
      code: 'script_error',
      message: 'test.lua:1: boom',
      details: {
        traceback: [
          "test.lua:1: in upvalue 'inner'",
          "test.lua:2: in local 'outer'",
          'test.lua:3: in main chunk',
        ],
      },
    });
    expect((await programs.error('local t = nil\nreturn t.x')).message).toBe(
      "test.lua:2: attempt to index a nil value (local 't')",
    );
  });

  it('may be any value', async () => {
    expect((await programs.error('error({ code = 5 })')).message).toBe('{ code = 5 }');
    expect((await programs.error('error()')).message).toContain('nil');
    expect((await programs.error('error(42)')).message).toBe('42');
    expect((await programs.error('error(print)')).message).toBe('<function>');
    expect(
      (await programs.error('error(setmetatable({}, { __tostring = function() return "mine" end }))'))
        .message,
    ).toBe('mine');
    expect(
      (await programs.error('error(setmetatable({}, { __tostring = function() error("again") end }))'))
        .message,
    ).toContain('an error whose text cannot be made');
  });

  it('in the text name the line and column', async () => {
    const place = async (source: string) => {
      const { code, details } = await programs.error(source);
      return [code, details['line'], details['column']];
    };
    expect(await place('x = = 1')).toEqual(['syntax_error', 1, 5]);
    expect(await place('local a = 1\nlocal b = a +* 2')).toEqual(['syntax_error', 2, 14]);
    // What is never closed is shown where it begins.
    expect(await place('local s = "open')).toEqual(['syntax_error', 1, 12]);
    expect(await place('if true then\n  print(1)\n')).toEqual(['syntax_error', 3, 1]);
    expect(await place('goto nowhere')).toEqual(['syntax_error', 1, expect.any(Number)]);
  });

  it('of whatever is no program are errors, not crashes', async () => {
    let seed = 7;
    for (let round = 0; round < 60; round += 1) {
      const bytes = Uint8Array.from({ length: 40 }, () => {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        return seed >> 16;
      });
      expect((await programs.error(bytes)).code).toBe('syntax_error');
    }
    expect((await programs.error('('.repeat(5_000))).code).toBe('syntax_error');
    expect(await programs.result(`return ${'('.repeat(100)}1${')'.repeat(100)}`)).toBe(1);
    expect(await programs.result('')).toBe(null);
  });
});

describe('a program cannot reach out', () => {
  it.each([
    'return io or os.execute or os.getenv or os.exit or os.remove or debug or package or require or dofile or loadfile or string.dump or "none"',
    'return (getmetatable(_G) or {}).__index or _ENV.io or load("return io or require")() or "none"',
    'local ok = pcall(rawset, app, "integrations", 1) local co = coroutine.running() return debug or "none"',
    'local seen = {} local function walk(t, depth) if type(t) ~= "table" or seen[t] or depth > 5 then return end seen[t] = true for k, v in next, t do if k == "io" or k == "debug" or k == "package" or k == "execute" then return k end local hit = walk(v, depth + 1) if hit then return hit end end end return walk(_G, 0) or "none"',
  ])('%s', async (source) => {
    expect(await programs.result(source)).toBe('none');
  });

  it('by changing what the host’s functions use', async () => {
    const host = failing();
    const source = `local call = app.integrations.test.get_user
      tostring, error, pairs, ipairs, next, select, type, pcall, setmetatable = nil
      string.format, table.unpack, math.type = nil
      call{}`;
    expect(await programs.error(source, host)).toMatchObject({ code: 'api_error' });
  });

  it('through an error’s metatable', async () => {
    expect(
      await programs.result(
        'local _, e = pcall(app.integrations.test.get_user) return getmetatable(e)',
        failing(),
      ),
    ).toBe('error');
    expect(
      await programs.result(
        'local _, e = pcall(app.integrations.test.get_user) e.message = nil e.status = "changed" return tostring(e)',
        failing(),
      ),
    ).toBe(notFound.message);
  });
});
