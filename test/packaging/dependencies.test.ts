import { describe, expect, it } from 'vitest';
import { dependenciesAreCurrent, satisfies } from '../../scripts/prepare/dependencies.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/for-another-platform': { version: '2.0.0', integrity: 'sha512-b', optional: true },
  },
};

describe('an installed tree against the lockfile', () => {
  it('is fine without the optional packages of other platforms', () => {
    const installed = { packages: { 'node_modules/a': lock.packages['node_modules/a'] } };
    expect(satisfies(installed, lock)).toBe(true);
  });

  it('is fine with a package nobody asked for', () => {
    const installed = { packages: { ...lock.packages, 'node_modules/extra': { version: '9.0.0' } } };
    expect(satisfies(installed, lock)).toBe(true);
  });

  it.each([
    ['lacks a package', {}],
    ['has another version', { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } }],
    ['has other content', { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-x' } }],
  ])('is not fine when it %s', (_, packages) => {
    expect(satisfies({ packages }, lock)).toBe(false);
  });
});

describe('the dependencies of a clone', () => {
  it('are missing until npm has finished once: it writes its own lockfile last', () => {
    const root = temporaryFolder({
      'package-lock.json': JSON.stringify(lock),
      'node_modules/a/package.json': '{}',
    });
    expect(dependenciesAreCurrent(root)).toBe(false);
  });

  it('are current when the lockfile was only touched', () => {
    const root = temporaryFolder({
      'node_modules/.package-lock.json': JSON.stringify(lock),
      'package-lock.json': JSON.stringify(lock),
    });
    expect(dependenciesAreCurrent(root)).toBe(true);
  });

  it('cannot be judged without a lockfile, and the message says how to get it back', () => {
    expect(() => dependenciesAreCurrent(temporaryFolder())).toThrow('git checkout package-lock.json');
  });
});
