import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const minuteAgo = new Date(Date.now() - 60_000);

/** The launcher in a clone whose command says where it ran and with what, and whose prepare says that it ran. */
function clone(more: Readonly<Record<string, string>> = {}): string {
  const root = temporaryFolder({
    'src/room/a.ts': '',
    'package-lock.json': '{}',
    'node_modules/.package-lock.json': '{}',
    'scripts/prepare.mjs': 'console.log("prepared");',
    'dist/cli/main.cjs': 'console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)]));',
    'dist/.built': 'src package-lock.json\nhash\n',
    ...more,
  });
  copyFileSync(join(repository, 'kosmo'), join(root, 'kosmo'));
  for (const path of ['src/room/a.ts', 'src/room', 'src', 'package-lock.json']) {
    utimesSync(join(root, path), minuteAgo, minuteAgo);
  }
  return root;
}

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

it('a ready clone runs the command at once, in the folder of the caller, with its arguments as they are', () => {
  const elsewhere = temporaryFolder();
  const args = ['call', '--eval', 'return "a  b" -- $HOME *', ''];
  expect(run(join(clone(), 'kosmo'), args, elsewhere)).toEqual({
    status: 0,
    stdout: `${JSON.stringify([elsewhere, ...args])}\n`,
    stderr: '',
  });
});

it('the launcher works through links, one after another, relative and absolute', () => {
  const elsewhere = temporaryFolder();
  mkdirSync(join(elsewhere, 'bin'));
  symlinkSync(join(clone(), 'kosmo'), join(elsewhere, 'first'));
  symlinkSync('../first', join(elsewhere, 'bin/kosmo'));
  const { stdout, stderr } = run(join(elsewhere, 'bin/kosmo'), ['x'], elsewhere);
  expect({ stdout, stderr }).toEqual({ stdout: `${JSON.stringify([elsewhere, 'x'])}\n`, stderr: '' });
});

it('the launcher is found on the PATH', () => {
  const root = clone();
  const elsewhere = temporaryFolder();
  const env = { ...process.env, PATH: `${root}:${process.env['PATH']}` };
  expect(run('kosmo', ['x'], elsewhere, env).stdout).toBe(`${JSON.stringify([elsewhere, 'x'])}\n`);
});

it.each<[string, (root: string) => void]>([
  ['nothing was built', (root) => rmSync(join(root, 'dist/.built'))],
  ['nothing was installed', (root) => rmSync(join(root, 'node_modules'), { recursive: true })],
  ['a source is newer than the build', (root) => touch(join(root, 'src/room/a.ts'))],
  ['a source was removed', (root) => rmSync(join(root, 'src/room/a.ts'))],
  ['an input is gone', (root) => rmSync(join(root, 'src'), { recursive: true })],
  ['the lockfile is newer than what was installed', (root) => touch(join(root, 'package-lock.json'))],
])('when %s, the clone is made ready first, and stdout stays the command’s own', (_, change) => {
  const root = clone();
  change(root);
  expect(run(join(root, 'kosmo'), [], root)).toEqual({
    status: 0,
    stdout: `${JSON.stringify([root])}\n`,
    stderr: 'prepared\n',
  });
});

it('a test that is newer than the build changes nothing', () => {
  const root = clone({ 'src/room/a.test.ts': '' });
  touch(join(root, 'src/room/a.test.ts'));
  expect(run(join(root, 'kosmo'), [], root).stderr).toBe('');
});

it('when the clone cannot be made ready, the command does not run and the exit code says so', () => {
  const root = clone({ 'scripts/prepare.mjs': 'console.error("no network"); process.exitCode = 1;' });
  rmSync(join(root, 'dist/.built'));
  expect(run(join(root, 'kosmo'), [], root)).toEqual({ status: 1, stdout: '', stderr: 'no network\n' });
});

it('the exit code is the command’s', () => {
  const root = clone({ 'dist/cli/main.cjs': 'process.exitCode = 3;' });
  expect(run(join(root, 'kosmo'), [], root).status).toBe(3);
});

it('without Node.js the launcher says which version it needs, as package.json has it', () => {
  const root = clone();
  const env = { PATH: temporaryFolder() };
  const about: { engines: { node: string } } = JSON.parse(
    readFileSync(join(repository, 'package.json'), 'utf8'),
  );
  const { status, stdout, stderr } = run('/bin/sh', [join(root, 'kosmo')], root, env);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(`kosmo needs Node.js ${about.engines.node.replace('>=', '')} or newer`);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

/** Makes a file newer than everything else in the clone. */
function touch(path: string): void {
  const later = new Date(Date.now() + 60_000);
  utimesSync(path, later, later);
  utimesSync(dirname(path), minuteAgo, minuteAgo);
}
