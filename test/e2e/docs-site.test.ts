import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { load } from 'cheerio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binary, Kosmo } from './kosmo.ts';

const execute = promisify(execFile);
let kosmo: Kosmo;
let out = '';
beforeAll(() => {
  kosmo = new Kosmo();
  out = join(kosmo.home, 'site');
});
afterAll(() => kosmo.remove());

describe('docs:site', () => {
  it('writes the site and says where it is', async () => {
    const { status, stdout } = await kosmo.run(['docs:site', '--out', out, '--json']);
    expect(status).toBe(0);
    const { folder, pages, files } = JSON.parse(stdout) as { folder: string; pages: number; files: number };
    expect(folder).toBe(out);
    expect(pages).toBeGreaterThan(172);
    expect(files).toBeGreaterThan(2 * pages);
    const again = await kosmo.run(['docs:site', '--out', out]);
    expect(again.stdout).toContain(join(out, 'index.html'));
    expect(existsSync(join(out, 'llms.txt'))).toBe(true);
  });

  it('leaves a folder alone that holds something else', async () => {
    const mine = join(kosmo.home, 'mine');
    mkdirSync(mine);
    writeFileSync(join(mine, 'letter.txt'), 'Dear');
    const { status, stderr } = await kosmo.run(['docs:site', '--out', mine]);
    expect(status).toBe(2);
    expect(stderr).toContain('letter.txt');
  });

  it('asks where to', async () => {
    const { status, stderr } = await kosmo.run(['docs:site']);
    expect(status).toBe(2);
    expect(stderr).toContain('--out');
  });
});

describe('the front page', () => {
  it('leads to a program of one’s own: its commands and its program do what they promise', async () => {
    const $ = load(readFileSync(join(out, 'index.html'), 'utf8'));
    const [run, find, write, check, account] = $('.steps > li')
      .toArray()
      .map((step) => $(step).find('code').text());
    const folder = join(kosmo.home, 'work');
    mkdirSync(folder);
    expect(await shell(folder, run)).toContain('Saltmarsh Community Garden');
    const found = await shell(folder, find);
    expect(found).toContain('send_invitation');
    expect(found).toContain('list_organizations');
    writeFileSync(join(folder, 'mine.lua'), write ?? '');
    const checked = await shell(folder, check);
    const envelope = JSON.parse(checked.slice(checked.indexOf('{"success"'))) as {
      success: boolean;
      result: string[];
    };
    expect(envelope.success).toBe(true);
    expect(envelope.result).toContain('Saltmarsh Community Garden');
    expect(commandsOf(account)).toEqual(['integrations:configure', 'integrations:lua', 'integrations:lua']);
  });
});

/** Runs lines of the page in a shell in which `kosmo` is installed. */
async function shell(folder: string, lines = ''): Promise<string> {
  const { PATH = '' } = process.env;
  const { stdout } = await execute(
    'bash',
    ['-e', '-c', `kosmo() { "${process.execPath}" "${binary}" "$@"; }\n${lines}`],
    {
      cwd: folder,
      env: { PATH, HOME: kosmo.home, KOSMO_HOME: join(kosmo.home, 'kosmo'), KOSMO_KEYRING: 'off' },
    },
  );
  return stdout;
}

function commandsOf(lines = ''): string[] {
  return lines.split('\n').map((line) => line.split(' ')[1] ?? '');
}
