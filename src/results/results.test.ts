import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Results } from './results.ts';

const home = mkdtempSync(join(tmpdir(), 'kosmo-results-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

let now = Date.now();
const results = new Results(home, { date: () => now });
const value = { data: [{ id: 'user_1' }, { id: 'user_2', 'a b': { c: [9007199254740993n] } }], $cut: true };

describe('a value that was kept', () => {
  it('is read whole, or at a path, by whoever has its handle', () => {
    const handle = results.keep(value) ?? '';
    const another = new Results(home, { date: () => now });
    expect(another.read(handle)).toEqual({ value });
    for (const [path, expected] of [
      ['data[2].id', 'user_2'],
      ['data.1.id', 'user_1'],
      ['["data"][2]["a b"].c[1]', 9007199254740993n],
      ['$cut', true],
    ] as const) {
      expect(results.read(handle, path)).toEqual({ value: expected });
    }
  });

  it('is open to nobody else', () => {
    results.keep('x');
    const folder = join(home, 'results');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  });

  it('says where a path ends that leads nowhere', () => {
    const handle = results.keep(value) ?? '';
    expect(results.read(handle, 'data[3].id')).toMatchObject({
      error: {
        code: 'invalid_arguments',
        message: 'results.read: nothing is at data[3].id: 3 is not in a list of 2.',
      },
    });
    expect(results.read(handle, 'date')).toMatchObject({
      error: { message: expect.stringContaining('date is not in an object with data, $cut') as string },
    });
    expect(results.read(handle, 'data[1].id.x')).toMatchObject({
      error: { message: expect.stringContaining('x is not in a string') as string },
    });
    expect(results.read(handle, 'a..b')).toMatchObject({
      error: { message: 'results.read: a..b is no path.' },
    });
    expect(results.read(handle, '__proto__')).toMatchObject({ error: { code: 'invalid_arguments' } });
  });

  it('is gone after a day', () => {
    const handle = results.keep(1) ?? '';
    now += 25 * 60 * 60 * 1000;
    expect(results.read(handle)).toMatchObject({ error: { code: 'unknown_result' } });
    results.keep(2);
    expect(readdirSync(join(home, 'results'))).toHaveLength(1);
    now = Date.now();
  });

  it('makes room: two hundred are kept, the newest', () => {
    const folder = join(home, 'results');
    const handles = Array.from({ length: 230 }, (_, index) => {
      const handle = results.keep(index) ?? '';
      utimesSync(join(folder, `${handle}.json`), new Date(now), new Date(now - 1_000_000 + index * 1000));
      return handle;
    });
    expect(readdirSync(folder).length).toBeLessThanOrEqual(200);
    expect(results.read(handles[0] ?? '')).toMatchObject({ error: { code: 'unknown_result' } });
    expect(results.read(handles[229] ?? '')).toEqual({ value: 229 });
  });
});

describe('a handle', () => {
  it('is no path: nothing else of the disk is read with it', () => {
    writeFileSync(join(home, 'secret.json'), '"secret"');
    for (const handle of [
      '../secret',
      'secret',
      '',
      '../../etc/passwd',
      `res_${'0'.repeat(23)}/`,
      'res_../secret',
    ]) {
      expect(results.read(handle)).toMatchObject({ error: { code: 'unknown_result' } });
    }
  });
});
