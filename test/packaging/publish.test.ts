import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { publish } from '../../scripts/build/publish.mjs';
import { temporaryFolder } from './temporary-folder.ts';

it('publishing a build replaces what changed and removes what is gone', () => {
  const root = temporaryFolder({
    'staging/cli/main.cjs': 'new',
    'staging/chunks/b.js': 'b',
    'dist/cli/main.cjs': 'old',
    'dist/chunks/a.js': 'a',
  });
  publish(join(root, 'staging'), join(root, 'dist'));
  expect(readFileSync(join(root, 'dist/cli/main.cjs'), 'utf8')).toBe('new');
  expect(readdirSync(join(root, 'dist/chunks'))).toEqual(['b.js']);
  expect(existsSync(join(root, 'staging'))).toBe(false);
});

it('the first build is published into a folder that is not there yet', () => {
  const root = temporaryFolder({ 'staging/index.js': 'new' });
  publish(join(root, 'staging'), join(root, 'dist'));
  expect(readFileSync(join(root, 'dist/index.js'), 'utf8')).toBe('new');
});
