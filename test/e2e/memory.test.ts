import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { peakMemoryProbe, repository } from './kosmo.ts';

const home = mkdtempSync(join(tmpdir(), 'kosmo-memory-'));

afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs a program in a process of its own: how it ended, and the megabytes that the process took at most. */
function hoard(source: string): { code: string; peak: number } {
  const script = `
    const { createRuntime } = await import(${JSON.stringify(pathToFileURL(join(repository, 'dist/index.js')).href)});
    const kosmo = createRuntime({ environment: {}, home: process.argv[1] });
    const { error } = await kosmo.lua({ source: process.argv[2], name: 'hoard.lua', limits: { cpuSeconds: 3 } });
    await kosmo.close();
    console.log(error?.code ?? 'none');`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--require', peakMemoryProbe, '--input-type=module', '-e', script, home, source],
    { encoding: 'utf8' },
  );
  expect(stderr).toBe('');
  const [, code = '', kilobytes] = /^(\w+)\s+peak memory (\d+) KiB$/m.exec(stdout) ?? [];
  return { code, peak: Number(kilobytes) / 1024 };
}

describe('the memory of the whole process', () => {
  const usual = hoard('return 1').peak;

  // The limit is 32 MB. What is more is V8's own: garbage that it has not collected yet, and regular expressions, which
  // have 16 MB to themselves. Some of these once took eleven hundred.
  it.each([
    ['tables', 'local t = {} for i = 1, 1e9 do t[i] = {} end'],
    ['matches', 'return regex.match_all(("ab"):rep(2e6), "(a)(b)")'],
    ['matches without end', 'while true do regex.gsub(("ab"):rep(1e6), "a", "b") end'],
    ['replacements', 'regex.gsub(("ab"):rep(2e6), "(a)(b)", function(a, b) return b .. a end)'],
    ['a table in itself, printed', 'local t = {} for i = 1, 40 do t = { t, t } end print(t)'],
    ['a table in itself, encoded', 'local t = {} for i = 1, 40 do t = { t, t } end json.encode(t)'],
    ['texts of tables', 'local t = {} for i = 1, 1e5 do t[i] = { a = i } end while true do tostring(t) end'],
  ])('stays near the limit: %s', (_, source) => {
    const { code, peak } = hoard(source);
    expect(code).toMatch(/^(memory|cpu)_limit$/);
    expect(peak - usual).toBeLessThan(220);
  });
});
