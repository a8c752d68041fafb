import { type ChildProcessWithoutNullStreams, execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Envelope, ended, envelopeOf, Kosmo, repository } from './kosmo.ts';

const run = promisify(execFile);
const guide = readFileSync(join(repository, 'docs/workos-local.md'), 'utf8');

function blocksOf(language: string): string[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, block = '']) => block,
  );
}

let kosmo: Kosmo;
let server: ChildProcessWithoutNullStreams;
let url: URL;
beforeAll(async () => {
  kosmo = new Kosmo();
  server = kosmo.start(['local:start', '--port', '0', '--json']);
  const [line] = (await once(server.stdout, 'data')) as [Buffer];
  url = new URL(envelopeOf(line.toString())['url'] as string);
});
afterAll(async () => {
  server.kill('SIGTERM');
  await ended(server);
  kosmo.remove();
});

/** Runs a program as a module of this repository, where the package's own name leads to what is built. */
function runModule(source: string) {
  return run(process.execPath, ['--input-type=module', '--eval', source], { cwd: repository });
}

describe('docs/workos-local.md', () => {
  const [sdk = '', suite = ''] = blocksOf('js');

  it('points the SDK at a server', async () => {
    expect(sdk).toContain('port: 4100');
    const { stdout } = await runModule(
      sdk.replace('4100', url.port).replace("'localhost'", `'${url.hostname}'`),
    );
    expect(stdout).toContain('Harborlight Robotics');
  });

  it('shows tests that pass', async () => {
    const { stdout } = await runModule(suite);
    expect(stdout).toMatch(/^[#ℹ] pass 2$/m);
    expect(stdout).toMatch(/^[#ℹ] fail 0$/m);
  });

  it('has a seed file that loads', async () => {
    const [seed = ''] = blocksOf('json');
    const made = await kosmo.run(['local:environment', 'create', 'Seeded', '--json']);
    const key = envelopeOf(made.stdout)['api_key'] as string;
    const loaded = await kosmo.run(['local:seed', '-', '--environment', 'Seeded', '--json'], seed);
    expect(loaded.stderr).toBe('');
    expect(envelopeOf(loaded.stdout)).toEqual({ requests: 7 });
    const answer = await fetch(new URL('/user_management/users', url), {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(((await answer.json()) as Envelope)['data']).toMatchObject([{ email: 'ada@acme.example' }]);
  });

  const curls = blocksOf('sh').flatMap((block) =>
    block.split('\n').filter((line) => line.startsWith('curl ')),
  );

  it.each(curls)('%s', async (line) => {
    const { stdout } = await run('sh', ['-c', line.replaceAll('http://localhost:4100', url.origin)]);
    expect(JSON.parse(stdout)).toBeTypeOf('object');
  });

  it('shows requests', () => {
    expect(curls.length).toBeGreaterThan(4);
  });

  it('names commands and options that there are', async () => {
    const commands = blocksOf('sh').flatMap((block) =>
      [...block.matchAll(/^kosmo (\S+)/gm)].map(([, name = '']) => name),
    );
    for (const name of new Set(commands)) {
      const { status, stdout } = await kosmo.run([name, '--help']);
      expect([name, status]).toEqual([name, 0]);
      for (const [line = ''] of guide.matchAll(new RegExp(`^kosmo ${name} .*$`, 'gm'))) {
        for (const [option] of line.matchAll(/--[a-z-]+/g)) expect(stdout).toContain(option);
      }
    }
  });
});
