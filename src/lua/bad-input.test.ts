import { afterAll, describe, expect, it } from 'vitest';
import { TestHost, TestPrograms } from './testing/script-host.ts';

const programs = new TestPrograms();
afterAll(() => programs.close());

const MB = 1024 * 1024;
const fault = async (source: string | Uint8Array, host = new TestHost()) => {
  const { code, message } = await programs.error(source, host);
  return [code, message];
};
/** The same error from every door that takes a value. */
const refused = async (table: string, why: string, prepare = '') => {
  const host = new TestHost();
  for (const [statement, what] of [
    [`app.integrations.test.send{ value = ${table} }`, 'test.lua:1: send: '],
    [`json.encode{ value = ${table} }`, 'test.lua:1: json.encode: '],
    [`return { value = ${table} }`, 'What the program returned cannot be given as JSON: '],
  ] as const) {
    expect(await fault(`${prepare} ${statement}`, host)).toEqual(['script_error', what + why]);
  }
  expect(host.calls).toEqual([]);
};

describe('a program that is none', () => {
  it('is told from random bytes, NUL and bytes that are no UTF-8', async () => {
    expect(await fault(new Uint8Array([0, 1, 2, 255, 254]))).toEqual([
      'syntax_error',
      'test.lua:1: unexpected symbol (column 1)',
    ]);
    expect(await fault(new Uint8Array([0xff]))).toEqual([
      'syntax_error',
      "test.lua:1: unexpected symbol near '<\\255>' (column 1)",
    ]);
    expect(await fault('x = \u00e4')).toEqual([
      'syntax_error',
      "test.lua:1: unexpected symbol near '<\\195>' (column 5)",
    ]);
    expect(await fault('return 1\0')).toEqual(['syntax_error', 'test.lua:1: <eof> expected (column 9)']);
  });

  it('is told from bytecode', async () => {
    expect(await fault(new Uint8Array([27, 76, 117, 97, 84, 0]))).toEqual([
      'syntax_error',
      "attempt to load a binary chunk (mode is 't')",
    ]);
  });

  it('may have a byte order mark, a line for the shell, and bytes of any kind in its strings', async () => {
    expect(await programs.result('\ufeffreturn 1')).toBe(1);
    expect(await programs.result('#!/usr/bin/env kosmo\nreturn 2')).toBe(2);
    const bytes = Buffer.concat([Buffer.from('return #"'), Buffer.from([0xff, 0, 0xfe]), Buffer.from('"')]);
    expect((await programs.run(bytes)).result).toBe(3);
  });

  it('may be nested as deeply as Lua allows, and no deeper', async () => {
    expect(await fault(`return ${'('.repeat(300)}1${')'.repeat(300)}`)).toEqual([
      'syntax_error',
      expect.stringContaining('C stack overflow'),
    ]);
    expect(await fault(`return ${'{'.repeat(100_000)}`)).toEqual([
      'syntax_error',
      expect.stringContaining('C stack overflow'),
    ]);
    expect(await fault(`${'do '.repeat(100_000)}`)).toEqual([
      'syntax_error',
      expect.stringContaining('C stack overflow'),
    ]);
    expect(await programs.result(`return ${'{'.repeat(150)}${'}'.repeat(150)}`)).toBeDefined();
  });

  it('may have ten megabytes', async () => {
    const comment = `--[[${'x'.repeat(10 * MB)}]] return 1`;
    expect((await programs.run(comment, { memoryBytes: 64 * MB })).result).toBe(1);
    expect((await programs.run(comment, { memoryBytes: 2 * MB })).error?.code).toBe('memory_limit');
    const statements = `${'x = 1\n'.repeat(1_700_000)}return y .. 1`;
    const outcome = await programs.run(statements, { memoryBytes: 256 * MB });
    expect(outcome.error?.message).toBe("test.lua:1700001: attempt to concatenate a nil value (global 'y')");
    expect((await programs.run(new Uint8Array(10 * MB).fill(0x28))).error?.code).toBe('syntax_error');
  });
});

describe('a value that is no JSON', () => {
  it('is refused with its place: NaN and infinities', async () => {
    await refused('0/0', 'value: NaN is no JSON number');
    await refused('{ 1, -1/0 }', 'value[2]: -infinity is no JSON number');
    await refused('{ x = { y = math.huge } }', 'value.x.y: infinity is no JSON number');
  });

  it('is refused with its place: functions and threads', async () => {
    await refused('{ 1, print }', 'value[2]: a function is no JSON value');
    await refused('{ on = { done = function() end } }', 'value.on.done: a function is no JSON value');
    await refused('coroutine.create(print)', 'value: a thread is no JSON value');
  });

  it('is refused with its place: what contains itself', async () => {
    await refused('t', 'value: the table contains itself', 'local t = {} t = { value = t }').catch(
      () => undefined,
    );
    await refused('t', 'value.a.b: the table contains itself', 'local t = { a = {} } t.a.b = t');
    await refused('t', 'value[1][1]: the table contains itself', 'local t = {} t[1] = { t }');
  });

  it('is refused with its place: tables that are neither list nor object', async () => {
    await refused('{ 1, 2, x = 3 }', 'value: a table with both list items and the key "x" is no JSON value');
    await refused('{ 1, nil, 3 }', 'value: a list with holes is no JSON value');
    await refused(
      '{ [2] = 1 }',
      'value: the key 2 is no JSON key (a list must begin at 1 and have no holes)',
    );
    await refused(
      '{ [1.5] = 1 }',
      'value: the key 1.5 is no JSON key (a list must begin at 1 and have no holes)',
    );
    await refused(
      '{ [true] = 1 }',
      'value: the key of type boolean is no JSON key (the keys of an object are strings)',
    );
    await refused(
      '{ [{}] = 1 }',
      'value: the key of type table is no JSON key (the keys of an object are strings)',
    );
  });

  it('is refused with its place: what is nested too deeply', async () => {
    const deep = 'local t = {} for _ = 1, 250 do t = { t } end';
    await refused('t', `value${'[1]'.repeat(199)}: nested more than 200 deep`, deep);
  });
});

describe('a text that is no JSON', () => {
  it.each([
    ['', 'line 1, column 1: value expected'],
    ['[1, 2', 'line 1, column 6: close bracket expected'],
    ['{"a":}', 'line 1, column 6: value expected'],
    ['[1,]', 'line 1, column 4: value expected'],
    ['{a:1}', 'line 1, column 2: invalid symbol'],
    ['\\n\\n  nope', 'line 3, column 3: invalid symbol'],
    ['"open', 'line 1, column 1: unexpected end of string'],
    ['1 2', 'line 1, column 3: end of file expected'],
    ['// x\\n1', 'line 1, column 1: invalid comment token'],
  ])('%s', async (text, where) => {
    expect(await fault(`json.decode('${text}')`)).toEqual([
      'script_error',
      `test.lua:1: json.decode: not JSON at ${where}`,
    ]);
  });

  it('or is nested too deeply', async () => {
    const message = 'test.lua:1: json.decode: the value is nested more than 200 deep';
    for (const depth of [201, 5_000, 60_000]) {
      expect(await fault(`json.decode(("["):rep(${depth}) .. ("]"):rep(${depth}))`)).toEqual([
        'script_error',
        message,
      ]);
      expect(
        await fault(`json.decode(("["):rep(${depth}) .. "12345678901234567890" .. ("]"):rep(${depth}))`),
      ).toEqual(['script_error', message]);
    }
    expect(await programs.result('return #json.encode(json.decode(("["):rep(200) .. ("]"):rep(200)))')).toBe(
      400,
    );
    expect(await fault('json.decode(("["):rep(100000))')).toEqual([
      'script_error',
      expect.stringContaining('not JSON'),
    ]);
  });

  it('or has a string of any length beside an integer of any length', async () => {
    const source = `local s = ("x\\\\\\"y"):rep(1e6) local t = json.decode('[' .. json.encode(s) .. ',123456789012345678901234567890,1234567890123456789]') return { t[1] == s, t[2], t[3] }`;
    expect((await programs.run(source, { memoryBytes: 64 * MB })).result).toEqual([
      true,
      '123456789012345678901234567890',
      1234567890123456789n,
    ]);
  });
});

describe('numbers at the edge', () => {
  it('keep what they are', async () => {
    expect(
      await programs.result(
        'return json.encode{ math.maxinteger, math.mininteger, 2^53, 2.0^63, 1e20, 1e300, 5e-324, -0.0, 0.1, 1e15, 3.0 }',
      ),
    ).toBe(
      '[9223372036854775807,-9223372036854775808,9.007199254740992e+15,9.223372036854776e+18,1e+20,1e+300,5e-324,-0,0.1,1000000000000000,3]',
    );
    expect(
      await programs.result(
        'local t = json.decode("[1e400, -1e400, 1e-400]") return { t[1] == math.huge, t[2] == -math.huge, t[3] == 0 }',
      ),
    ).toEqual([true, true, true]);
    expect(
      await programs.result('return { math.maxinteger, 2^63 == math.maxinteger + 1.0, 1e400 == math.huge }'),
    ).toEqual([9223372036854775807n, true, true]);
  });
});

describe('an error', () => {
  it('of any length is told, and names of any length too', async () => {
    const long = 'x'.repeat(20_000);
    expect((await programs.error(`error(("x"):rep(20000), 0)`)).message).toBe(long);
    const { message, details } = await programs.error(`local function ${long}() error("deep") end ${long}()`);
    expect(message).toBe('test.lua:1: deep');
    for (const line of details['traceback'] as string[]) expect(line.length).toBeLessThan(320);
  });

  it('names a program with a long path by the end of it, in every message', async () => {
    const { startLuaWorker, runScript, defaultLimits } = await import('./index.ts');
    const worker = startLuaWorker();
    const name = `${'folder/'.repeat(20)}workflow.lua`;
    const run = async (source: string) =>
      (await runScript(worker, { source, name, host: new TestHost(), limits: defaultLimits })).error;
    const shown = `...${name.slice(-56)}`;
    const raised = await run('\nlocal function f() error("x") end\nf()');
    expect(raised?.message).toBe(`${shown}:2: x`);
    expect(raised?.details['traceback']).toHaveLength(2);
    expect((await run('\njson.decode(5)'))?.message).toBe(
      `${shown}:2: json.decode: expected a string, got number`,
    );
    expect(await run('x = = 1')).toMatchObject({ details: { line: 1, column: 5, file: name } });
    await worker.close();
  });

  it('in a branch keeps what it is, and says which branch', async () => {
    expect((await programs.error('parallel{ function() end, function() error("x") end }')).message).toBe(
      'test.lua:1: x (in branch 2 of parallel)',
    );
    expect((await programs.error('parallel{ function() error({ code = 5 }) end }')).message).toBe(
      '{ code = 5 }',
    );
    expect(
      (
        await programs.error(
          'parallel{ function() error(setmetatable({}, { __tostring = function() return "mine" end })) end }',
        )
      ).message,
    ).toBe('mine');
    expect(
      await programs.result(
        'local r = parallel({ function() error("x", 0) end, function() return 2 end }, { settle = true }) return r',
      ),
    ).toEqual([
      { error: 'x', ok: false },
      { ok: true, value: 2 },
    ]);
  });
});
