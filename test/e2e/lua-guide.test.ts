import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createRuntime } from '../../src/index.ts';
import { repository } from './kosmo.ts';

/** The programs of a page, and what the page says they print. */
function programsIn(page: string): { program: string; output: string | null; line: number }[] {
  return [...page.matchAll(/^```lua\n(.*?)^```\n(?:```text\n(.*?)^```$)?/gms)].map((found) => ({
    program: found[1] ?? '',
    output: found[2] ?? null,
    line: page.slice(0, found.index).split('\n').length + 1,
  }));
}

const home = mkdtempSync(join(tmpdir(), 'kosmo-guide-'));
afterAll(() => rmSync(home, { recursive: true }));

describe.each([
  ['docs/lua.md', 11],
  ['docs/security.md', 3],
  ['docs/getting-started.md', 1],
])('%s', (name, atLeast) => {
  const programs = programsIn(readFileSync(join(repository, name), 'utf8'));

  it('shows programs with what they print', () => {
    expect(programs.length).toBeGreaterThanOrEqual(atLeast);
  });

  it.each(programs)('the program at line $line prints what it shows', async ({ program, output }) => {
    const kosmo = createRuntime({ home, localDatabase: ':memory:', environment: {} });
    const run = await kosmo.lua({ source: program, name: 'program.lua', account: 'localhost' });
    await kosmo.close();
    const ending = run.error === null ? '' : `error: ${run.error.message}\n`;
    expect(run.output + ending).toBe(output ?? '');
  });
});
