import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const page = readFileSync(join('docs', 'workos-local-contract.md'), 'utf8');

/** A file as the page names it, from the repository's root. */
function pathOf(name: string): string {
  return /^(?:browser|e2e|last)\//.test(name) ? join('test', name) : join('src', 'workos-local', name);
}

/** Whether a file has a test of this name, or a table of cases under it. */
function hasTest(path: string, name: string): boolean {
  if (!existsSync(path)) return false;
  const source = readFileSync(path, 'utf8');
  return ["'", '"', '`'].some((quote) => source.includes(`${quote}${name}${quote},`));
}

it('every test that the page of promises names is there', () => {
  const named = [...page.matchAll(/`([\w./-]+\.test\.ts)` › (.+?)(?=<br>| \|)/g)].map(
    ([, file = '', name = '']) => ({ path: pathOf(file), name }),
  );
  expect(named.length).toBeGreaterThan(120);
  expect(named.filter(({ path, name }) => !hasTest(path, name))).toEqual([]);
});

it('every line of the page names a test', () => {
  const lines = page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:---|what|area)/.test(line));
  expect(lines.length).toBeGreaterThan(60);
  expect(lines.filter((line) => !line.includes('.test.ts` › '))).toEqual([]);
});
