import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const scripts = fileURLToPath(new URL('../../scripts', import.meta.url));

/** An npm that installs what the lockfile says by saying so itself, and notes that it ran. */
const workingNpm = `
echo "npm $*" >> npm.log
echo 'npm warn something nobody can change' >&2
mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json
`;

/** A builder that marks the build as current, and notes that it ran. */
const workingBuild = `
import { appendFileSync, mkdirSync } from 'node:fs';
import { takeStamp, writeStamp } from '../prepare/freshness.mjs';
export async function build(root) {
  appendFileSync(root + '/build.log', 'built\\n');
  mkdirSync(root + '/dist', { recursive: true });
  writeStamp(root + '/dist', takeStamp(root));
}
`;

/** A clone with the real scripts of the installation, but its own npm and builder. */
function clone(npm: string): string {
  const root = temporaryFolder({
    'package.json': '{ "engines": { "node": ">=20.19" } }',
    'package-lock.json': '{ "packages": { "node_modules/a": { "version": "1.0.0" } } }',
    'src/a.ts': '',
    'integrations/a.json': '{}',
    'scripts/build/build.mjs': workingBuild,
    'bin/npm': `#!/bin/sh\n${npm}`,
  });
  cpSync(join(scripts, 'prepare'), join(root, 'scripts/prepare'), { recursive: true });
  for (const file of ['prepare.mjs', 'node-version.mjs']) {
    copyFileSync(join(scripts, file), join(root, 'scripts', file));
  }
  chmodSync(join(root, 'bin/npm'), 0o755);
  return root;
}

function prepare(root: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: `${join(root, 'bin')}${delimiter}${process.env['PATH']}` };
    const child = spawn(process.execPath, [join(root, 'scripts/prepare.mjs')], { env, cwd: root });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

it('a first run installs and builds, quietly but for a line of progress', async () => {
  const root = clone(workingNpm);
  const { code, stdout, stderr } = await prepare(root);
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: '',
    stderr: 'Installing dependencies (first run only)…\n',
  });
  expect(readFileSync(join(root, 'npm.log'), 'utf8')).toMatch(/^npm ci /);
  expect(readFileSync(join(root, 'build.log'), 'utf8')).toBe('built\n');
});

it('a second run does nothing', async () => {
  const root = clone(workingNpm);
  await prepare(root);
  expect(await prepare(root)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(readFileSync(join(root, 'build.log'), 'utf8')).toBe('built\n');
});

it('two first runs at once install once and build once, and both end well', async () => {
  const root = clone(`${workingNpm}\nsleep 0.2`);
  const [first, second] = await Promise.all([prepare(root), prepare(root)]);
  expect([first.code, second.code]).toEqual([0, 0]);
  expect(readFileSync(join(root, 'npm.log'), 'utf8').trim().split('\n')).toHaveLength(1);
  expect(readFileSync(join(root, 'build.log'), 'utf8')).toBe('built\n');
  expect(existsSync(join(root, 'build/prepare.lock'))).toBe(false);
});

it('a changed lockfile installs again', async () => {
  const root = clone(workingNpm);
  await prepare(root);
  const changed = '{ "packages": { "node_modules/a": { "version": "1.1.0" } } }';
  writeFileSync(join(root, 'package-lock.json'), changed);
  const { stderr } = await prepare(root);
  expect(stderr).toBe('Installing dependencies (they have changed)…\n');
});

it('without the network the message says so, with npm’s own words under it, and nothing is built', async () => {
  const root = clone(`echo 'npm error code ENOTFOUND' >&2; echo 'npm error more' >&2; exit 1`);
  const { code, stdout, stderr } = await prepare(root);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('The package registry could not be reached (ENOTFOUND)');
  expect(stderr).toContain('\n  npm error more\n');
  expect(existsSync(join(root, 'build.log'))).toBe(false);
});

it('another failure of npm is told with its exit code and the end of its output', async () => {
  const { code, stderr } = await prepare(clone(`echo 'npm error code EACCES' >&2; exit 243`));
  expect(code).toBe(1);
  expect(stderr).toContain('npm ci ended with exit code 243');
  expect(stderr).toContain('npm error code EACCES');
  expect(stderr).not.toContain('    at ');
});
