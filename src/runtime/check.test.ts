import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime } from './index.ts';

const runtime = createRuntime({ localDatabase: ':memory:', environment: { WORKOS_API_KEY: 'sk_x' } });
afterAll(() => runtime.close());

const check = async (source: string) => {
  const { error, findings } = await runtime.check({ source, name: 'test.lua' });
  expect(error).toBeNull();
  return findings.map(({ line, column, message }) => `${line}:${column} ${message}`);
};
const workos = 'local workos = app.integrations.workos\n';

describe('checking a program', () => {
  it('finds unknown names, however they are reached', async () => {
    const unknown = 'Unknown function app.integrations.workos.list_userz. Did you mean list_users?';
    for (const [source, at] of [
      ['app.integrations.workos.list_userz{}', '1:25'],
      ['print(app["integrations"].workos.list_userz)', '1:34'],
      [`${workos}workos.list_userz{}`, '2:8'],
      [`${workos}local list = workos.list_userz`, '2:21'],
      [`${workos}for u in paginate(workos.list_userz) do end`, '2:26'],
      [`${workos}local t = { f = function() return 1 + (workos.list_userz{}.x or 2) end }`, '2:47'],
      [`${workos}repeat local w = workos until w.list_userz{}`, '2:33'],
    ] as const) {
      expect(await check(source)).toEqual([`${at} ${unknown}`]);
    }
    expect(await check('app.integrations.workoz.x{}')).toEqual([
      '1:25 Unknown integration app.integrations.workoz. Did you mean workos?',
    ]);
  });

  it('finds unknown, missing and wrong arguments that are written out', async () => {
    expect(
      await check(`${workos}workos.create_organization{ nam = "x", domain_data = { { domain = 5 } } }`),
    ).toEqual([
      '2:8 create_organization: nam: unknown argument. Did you mean name?',
      '2:8 create_organization: name: expected a string, got nothing',
      '2:8 create_organization: domain_data[1].state: expected one of "pending", "verified", got nothing',
      '2:8 create_organization: domain_data[1].domain: expected a string, got 5',
    ]);
    expect(await check(`${workos}workos.get_user()`)).toEqual([
      '2:8 get_user: id: expected a string, got nothing',
    ]);
    expect(await check(`${workos}workos.get_user("x")`)).toEqual([
      '2:8 get_user: expected one table of arguments, as in get_user{ limit = 10 }',
    ]);
    expect(await check(`${workos}workos.list_users{ limit = -1 }`)).toEqual([
      '2:8 list_users: limit: expected an integer from 1 to 100, got -1',
    ]);
    expect(await check(`${workos}for u in paginate(workos.list_users, { limt = 1 }) do end`)).toEqual([
      '2:26 list_users: limt: unknown argument. Did you mean limit?',
    ]);
  });

  it.each([
    ['names made when the program runs', 'workos[name]{ x = 1 } workos["list_" .. kind]{}'],
    [
      'arguments made when the program runs',
      'workos.get_user(args) workos.get_user{ user_id = id } workos.get_user{ [k] = v }',
    ],
    ['values made when the program runs', 'workos.list_users{ limit = tonumber("5"), order = f() }'],
    ['lists with a tail', 'workos.create_organization{ name = "x", domain_data = { f() } }'],
    ['what the account fills', 'workos.validate_api_key{}'],
    ['a local that is assigned again', 'local w = workos w = other w.nope{}'],
    [
      'a parameter or a loop of that name',
      'local function f(workos) workos.nope{} end for _, workos in ipairs{} do workos.nope{} end',
    ],
    ['fields of a function', 'workos.list_users.x()'],
    ['an account of that name', 'workos.default.list_users{} workos.localhost.list_users{}'],
    ['aliases of arguments', 'workos.get_user{ user_id = "user_1" }'],
    ['locals with attributes', 'local x <const> = workos local y <close> = nil x.list_users{}'],
    ['an argument that is nil', 'workos.list_users{ limit = nil }'],
  ])('leaves alone %s', async (_, source) => {
    expect(await check(workos + source)).toEqual([]);
  });

  it('leaves alone an app of the program’s own', async () => {
    expect(await check('local app = {} app.integrations.workos.nope{}')).toEqual([]);
    expect(await check('function app() end app.integrations.workos.nope{}')).toEqual([]);
  });

  it('says when a program does not parse, and runs nothing', async () => {
    const { error } = await runtime.check({ source: 'print(1', name: 'test.lua' });
    expect(error).toMatchObject({ code: 'syntax_error', details: { line: 1, column: 8 } });
    const run = await runtime.check({ source: 'while true do end', name: 'test.lua' });
    expect(run).toEqual({ error: null, findings: [] });
  });

  it('takes any bytes', async () => {
    for (const source of [
      new Uint8Array([0xff, 0xfe]),
      '',
      '\0',
      'return "\xff"',
      '#!/usr/bin/kosmo\nreturn 1',
    ]) {
      const { findings } = await runtime.check({ source, name: 'test.lua' });
      expect(findings).toEqual([]);
    }
  });
});

describe('a run', () => {
  const run = (source: string) => runtime.lua({ source, name: 'test.lua', account: 'localhost' });

  it('is ended before its first call when a later name is certainly wrong', async () => {
    const outcome = await run(
      `${workos}print("before") workos.list_users{}\nif x then workos.list_userz{} end`,
    );
    expect(outcome).toMatchObject({
      output: 'before\n',
      calls: [],
      error: { code: 'unknown_function', details: { at: 'test.lua:3' } },
    });
    expect(outcome.error?.message).toBe(
      'test.lua:3:18: Unknown function app.integrations.workos.list_userz. Did you mean list_users?',
    );
  });

  it('goes on where the program catches the error', async () => {
    for (const caught of [
      'pcall(function() return workos.list_userz end)',
      'xpcall(function() workos.list_userz{} end, print)',
      'local function try() return workos.list_userz end pcall(try)',
    ]) {
      const outcome = await run(`${workos}local n = #workos.list_users{ limit = 1 }.data ${caught} return n`);
      expect(outcome).toMatchObject({ error: null, result: 1 });
    }
  });
});
