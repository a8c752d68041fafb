import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Kosmo, repository } from './kosmo.ts';

/** A command as a page shows it, and what the page says it prints. */
interface Shown {
  readonly command: string;
  readonly output: string;
}

function shownIn(page: string): Shown[] {
  const blocks = [...page.matchAll(/^```console\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((text) => {
        const [command = '', ...output] = text.split('\n');
        return { command, output: output.join('\n').trimEnd() };
      }),
  );
}

/** What differs from run to run: times, ids made by chance, and measured figures. */
function settled(output: string): string {
  return output
    .trimEnd()
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>')
    .replaceAll(/\b([a-z_]+)_01[0-9A-Z]{24}\b/g, '<$1 id>')
    .replaceAll(/\breq_\w+/g, '<request id>')
    .replaceAll(/\brun_\w+/g, '<run id>')
    .replaceAll(/("(?:execution_time_ms|memory_usage|duration_ms)": ?)[\d.]+/g, '$1<figure>');
}

/** Runs a line in a shell, standard error and all; `jq` is what JSON.stringify does. */
async function run(command: string, kosmo: Kosmo): Promise<string> {
  const pretty = command.endsWith(' | jq');
  const line = pretty ? command.slice(0, -' | jq'.length) : command;
  const { PATH = '' } = process.env;
  const env = { PATH, HOME: kosmo.home, KOSMO_HOME: join(kosmo.home, 'kosmo'), KOSMO_KEYRING: 'off' };
  const output = await new Promise<string>((resolve) => {
    execFile('sh', ['-c', `{ ${line}; } 2>&1`], { cwd: repository, env }, (_, stdout) => resolve(stdout));
  });
  return pretty ? JSON.stringify(JSON.parse(output), null, 2) : output;
}

describe.each([
  'README.md',
  'docs/getting-started.md',
  'docs/lua.md',
  'docs/accounts.md',
  'docs/policy.md',
  'docs/workos-local.md',
  'docs/mcp.md',
  'docs/integrations.md',
])('%s', (name) => {
  const kosmo = new Kosmo();
  afterAll(() => kosmo.remove());
  const page = readFileSync(join(repository, name), 'utf8');
  const shown = shownIn(page).filter(({ command }) => command.includes('./kosmo '));

  it('shows commands', () => {
    expect(shown.length).toBeGreaterThanOrEqual(name === 'README.md' ? 9 : 1);
  });

  it.each(shown)('$command prints what it shows', async ({ command, output }) => {
    const printed = settled(await run(command, kosmo));
    const promised = settled(output);
    // A line of its own with dots stands for the rest.
    if (promised.endsWith('\n…')) expect(printed.startsWith(promised.slice(0, -1))).toBe(true);
    else expect(printed).toBe(promised);
  });
});
