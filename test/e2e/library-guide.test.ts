import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { Kosmo, repository } from './kosmo.ts';

const execute = promisify(execFile);
const kosmo = new Kosmo();
afterAll(() => kosmo.remove());
const page = readFileSync(join(repository, 'docs/library.md'), 'utf8');
const library = pathToFileURL(join(repository, 'dist/index.js')).href;

/** The programs of the page, and what it says they print. */
const programs = [...page.matchAll(/^```js\n(.*?)^```\n```text\n(.*?)^```$/gms)].map(
  ([, program = '', output = ''], at) => ({ at, program, output }),
);

describe('docs/library.md', () => {
  it('shows programs, each with what it prints', () => {
    expect(programs).toHaveLength(page.match(/^```js$/gm)?.length ?? 0);
    expect(programs.length).toBeGreaterThanOrEqual(5);
  });

  it.each(programs)('the program $at prints what it shows', async ({ at, program, output }) => {
    const file = join(kosmo.home, `example-${at}.mjs`);
    writeFileSync(file, program.replace("from 'kosmo'", `from ${JSON.stringify(library)}`));
    const { PATH = '' } = process.env;
    const env = { PATH, HOME: kosmo.home, KOSMO_HOME: join(kosmo.home, 'kosmo'), KOSMO_KEYRING: 'off' };
    const { stdout } = await execute(process.execPath, [file], { env, cwd: kosmo.home });
    expect(stdout).toBe(output);
  });
});
