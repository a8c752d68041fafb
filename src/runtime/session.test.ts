import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime } from './index.ts';

const home = mkdtempSync(join(tmpdir(), 'kosmo-session-'));
const runtime = createRuntime({ home, localDatabase: ':memory:', environment: {} });
const session = runtime.openSession({ name: 'repl', account: 'localhost' });
afterAll(async () => {
  await runtime.close();
  rmSync(home, { recursive: true });
});

const complete = async (text: string) => (await session.complete(text)).names;

describe('completion', () => {
  it('knows globals and keywords', async () => {
    expect(await complete('coro')).toEqual(['coroutine']);
    expect(await complete('print(pag')).toEqual(['paginate']);
    expect(await complete('whi')).toEqual(['while']);
    await session.run('my_own_name = 1', () => undefined);
    expect(await complete('x = my_o')).toEqual(['my_own_name']);
  });

  it('knows what is in a table', async () => {
    expect(await complete('string.for')).toEqual(['format']);
    expect(await complete('json.')).toEqual(['array', 'decode', 'encode', 'null', 'object']);
    expect(await complete('nothing.at.all')).toEqual([]);
  });

  it('knows integrations, their functions and their arguments, by any name', async () => {
    expect(await complete('app.integrations.wor')).toEqual(['workos']);
    expect(await complete('app.integrations.workos.list_user')).toContain('list_users');
    await session.run('w = app.integrations.workos', () => undefined);
    expect(await complete('print(w.create_org')).toContain('create_organization');
    expect(await complete('w.list_users{ li')).toEqual(['limit = ']);
    expect(await complete('w.list_users{ limit = 5, or')).toContain('order = ');
    expect(await complete('w.create_organization({ na')).toEqual(['name = ']);
    expect((await session.complete('w.list_users{ li')).replaces).toBe('li');
  });

  it('changes nothing and makes no call', async () => {
    await session.run(
      'calls = 0 t = setmetatable({}, { __index = function() calls = calls + 1 end })',
      () => undefined,
    );
    await complete('t.x');
    let printed = '';
    await session.run('calls', (text) => {
      printed += text;
    });
    expect([printed, session.calls]).toEqual(['0\n', []]);
  });
});
