import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildIsCurrent, takeStamp, writeStamp } from '../../scripts/prepare/freshness.mjs';
import { temporaryFolder } from './temporary-folder.ts';

function builtClone(): string {
  const root = temporaryFolder({
    'src/a.ts': 'a',
    'src/room/b.ts': 'b',
    'src/room/b.test.ts': 'test',
    'scripts/build.mjs': '',
    'integrations/workos/source.json': '{}',
    'package.json': '{}',
    'package-lock.json': '{}',
  });
  mkdirSync(join(root, 'dist'));
  writeStamp(join(root, 'dist'), takeStamp(root));
  return root;
}

it('a build of unchanged sources is current', () => {
  expect(buildIsCurrent(builtClone())).toBe(true);
});

it('there is no current build before the first one', () => {
  const root = builtClone();
  rmSync(join(root, 'dist'), { recursive: true });
  expect(buildIsCurrent(root)).toBe(false);
});

it('sources whose times alone changed need no build', () => {
  const root = builtClone();
  const later = new Date(Date.now() + 60_000);
  utimesSync(join(root, 'src/a.ts'), later, later);
  expect(buildIsCurrent(root)).toBe(true);
});

it('a changed test needs no build', () => {
  const root = builtClone();
  writeFileSync(join(root, 'src/room/b.test.ts'), 'another test');
  expect(buildIsCurrent(root)).toBe(true);
});

it.each(['src/room/b.ts', 'scripts/build.mjs', 'integrations/workos/source.json', 'package-lock.json'])(
  'a change to %s needs a build, even when its time says otherwise',
  (path) => {
    const root = builtClone();
    writeFileSync(join(root, path), 'changed');
    const before = new Date(0);
    utimesSync(join(root, path), before, before);
    expect(buildIsCurrent(root)).toBe(false);
  },
);

it('a removed source needs a build', () => {
  const root = builtClone();
  rmSync(join(root, 'src/room/b.ts'));
  expect(buildIsCurrent(root)).toBe(false);
});

it('a source saved while the build ran needs another build', () => {
  const root = builtClone();
  const stamp = takeStamp(root);
  writeFileSync(join(root, 'src/a.ts'), 'saved meanwhile');
  writeStamp(join(root, 'dist'), stamp);
  expect(buildIsCurrent(root)).toBe(false);
});
