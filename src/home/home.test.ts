import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../support/errors.ts';
import { Home } from './index.ts';

let folder: string;
let home: Home;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kosmo-home-'));
  home = new Home(join(folder, 'new/home'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file of a home', () => {
  it('is made with its folder, open to nobody else, and read back', () => {
    expect(home.read('a.json')).toBeNull();
    home.write('a.json', 'first');
    home.write('a.json', 'second');
    expect(home.read('a.json')).toBe('second');
    expect(statSync(home.file('a.json')).mode & 0o777).toBe(0o600);
    expect(statSync(home.path).mode & 0o777).toBe(0o700);
    expect(readdirSync(home.path)).toEqual(['a.json']);
  });

  it('that was readable by others is not, once it is written again', () => {
    home.write('a.json', 'first');
    writeFileSync(home.file('b.json'), '', { mode: 0o644 });
    home.write('b.json', 'second');
    expect(statSync(home.file('b.json')).mode & 0o777).toBe(0o600);
  });

  it('that is a link stays one, and a link to nothing is filled', () => {
    home.write('a.json', 'first');
    const elsewhere = join(folder, 'elsewhere.json');
    symlinkSync(elsewhere, home.file('link.json'));
    writeFileSync(elsewhere, 'old');
    home.write('link.json', 'new');
    expect([readlinkSync(home.file('link.json')), readFileSync(elsewhere, 'utf8')]).toEqual([
      elsewhere,
      'new',
    ]);
    symlinkSync(home.file('round.json'), home.file('round.json'));
    expect(() => home.read('round.json')).toThrow('symbolic links go round in a circle');
  });

  it('that cannot be written is named, and nothing is left behind', () => {
    home.write('a.json', 'first');
    const inFile = new Home(home.file('a.json'));
    expect(() => inFile.write('b.json', 'x')).toThrow('Nothing was changed.');
    expect(readdirSync(home.path)).toEqual(['a.json']);
  });

  it('is put aside under a name of its own', () => {
    home.write('a.json', 'damaged');
    const aside = home.putAside('a.json', new Date('2026-01-02T03:04:05.678Z'));
    expect(aside).toBe(home.file('a.json.damaged-2026-01-02T03-04-05-678Z'));
    expect([home.read('a.json'), readFileSync(aside, 'utf8')]).toEqual([null, 'damaged']);
  });
});

describe('the lock', () => {
  it('is held by one at a time in a process, and given back when the work fails', async () => {
    const order: string[] = [];
    const work = (name: string) =>
      home.lock(async () => {
        order.push(`${name} begins`);
        await delay(20);
        order.push(`${name} ends`);
      });
    await expect(home.lock(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await Promise.all([work('a'), work('b'), work('c')]);
    for (let at = 0; at < order.length; at += 2) {
      expect(order[at + 1]).toBe(order[at]?.replace('begins', 'ends'));
    }
    expect(statSync(home.file('lock'))).toMatchObject({ size: 0 });
  });

  it('is given back when the process that holds it is killed', async () => {
    await home.lock(() => undefined);
    const holder = spawn(process.execPath, [
      '-e',
      `const db = new (require(${JSON.stringify(createRequire(import.meta.url).resolve('libsql'))}))(${JSON.stringify(home.file('lock'))});
       db.exec('BEGIN IMMEDIATE'); process.stdout.write('held'); setInterval(() => {}, 1000);`,
    ]);
    await once(holder.stdout, 'data');
    let got = false;
    const waiting = home.lock(() => {
      got = true;
    });
    await delay(150);
    expect(got).toBe(false);
    holder.kill('SIGKILL');
    await waiting;
    expect(got).toBe(true);
  });

  it('needs a folder that can be written to', async () => {
    home.write('a.json', 'x');
    const error = await new Home(home.file('a.json'))
      .lock(() => undefined)
      .catch((thrown: unknown) => failureOf(thrown));
    expect(error).toMatchObject({
      code: 'home_unusable',
      message: expect.stringContaining('part of the path is a file') as string,
    });
  });
});
