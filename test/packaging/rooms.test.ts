import { describe, expect, it } from 'vitest';
import { findViolations } from '../../scripts/rooms/imports.mjs';
import { readRooms } from '../../scripts/rooms/rooms.mjs';
import { withRoomsTable } from '../../scripts/rooms/table.mjs';
import { temporaryFolder } from './temporary-folder.ts';

const rooms = [
  { room: 'support', holds: 'the basics', mayImport: [] },
  { room: 'lua', holds: 'scripts', mayImport: ['support'] },
  { room: 'mcp', holds: 'servers', mayImport: ['support'] },
  { room: 'index.ts', holds: 'the front', mayImport: ['*'] },
];

async function complaintsAbout(files: Readonly<Record<string, string>>): Promise<string[]> {
  const root = temporaryFolder({
    'package.json': '{ "dependencies": { "used": "1" }, "devDependencies": { "dev": "1" } }',
    'node_modules/used/package.json': '{ "name": "used", "main": "index.js" }',
    'node_modules/used/index.js': '',
    'node_modules/dev/package.json': '{ "name": "dev", "main": "index.js" }',
    'node_modules/dev/index.js': '',
    'src/support/a.ts': 'export const a = 1; export type A = number;',
    ...files,
  });
  return (await findViolations(root, rooms)).complaints;
}

describe('imports are held to the rooms', () => {
  it('allowed ones pass: within a room, down the list, packages, Node.js, and anything from a room of everything', async () => {
    const complaints = await complaintsAbout({
      'src/lua/b.ts': `import '../support/a.ts'; import './c.ts'; import 'used'; import 'node:fs/promises';`,
      'src/lua/c.ts': '',
      'src/index.ts': `import './lua/b.ts';`,
    });
    expect(complaints).toEqual([]);
  });

  it('an import of another room is named with what the room may import', async () => {
    expect(await complaintsAbout({ 'src/mcp/b.ts': '', 'src/lua/c.ts': `import '../mcp/b.ts';` })).toEqual([
      'src/lua/c.ts imports src/mcp/b.ts: room lua may import support (rooms.json).',
    ]);
  });

  it('an import of a type counts', async () => {
    const complaints = await complaintsAbout({
      'src/lua/b.ts': 'export type B = 1;',
      'src/mcp/c.ts': `import type { B } from '../lua/b.ts'; export type C = B;`,
    });
    expect(complaints).toEqual([
      'src/mcp/c.ts imports src/lua/b.ts: room mcp may import support (rooms.json).',
    ]);
  });

  it('an import that waits until it is needed counts', async () => {
    const complaints = await complaintsAbout({
      'src/lua/b.ts': '',
      'src/mcp/c.ts': `export const c = () => import('../lua/b.ts');`,
    });
    expect(complaints).toHaveLength(1);
  });

  it('a test may import any room and any development package', async () => {
    const complaints = await complaintsAbout({
      'src/mcp/b.ts': '',
      'src/lua/c.test.ts': `import '../mcp/b.ts'; import 'dev';`,
    });
    expect(complaints).toEqual([]);
  });

  it.each([
    ['a file outside every room', { 'src/other/b.ts': '' }, 'src/other/b.ts is in no room'],
    [
      'source that imports a test',
      { 'src/lua/b.test.ts': '', 'src/lua/c.ts': `import './b.test.ts';` },
      'only tests may import tests',
    ],
    [
      'source that imports a file outside src/',
      { 'test/b.ts': '', 'src/lua/c.ts': `import '../../test/b.ts';` },
      'src/lua/c.ts imports test/b.ts: source may import',
    ],
    [
      'source that imports a development dependency',
      { 'src/lua/c.ts': `import 'dev';` },
      'the package is a development dependency',
    ],
    [
      'files that import each other in a circle',
      { 'src/lua/b.ts': `import './c.ts';`, 'src/lua/c.ts': `import './b.ts';` },
      'in a circle: src/lua/b.ts → src/lua/c.ts → src/lua/b.ts',
    ],
  ])('%s is refused', async (_, files, complaint) => {
    const complaints = await complaintsAbout(files);
    expect(complaints.join('\n')).toContain(complaint);
  });
});

describe('rooms.json', () => {
  it('lets a room import only rooms above it', () => {
    const upwards = [
      { room: 'a', holds: 'x', mayImport: ['b'] },
      { room: 'b', holds: 'y', mayImport: [] },
    ];
    expect(() => readRooms(JSON.stringify({ rooms: upwards }))).toThrow(
      'a may import b, which is no room above',
    );
  });

  it('names each room once', () => {
    const twice = [rooms[0], rooms[0]];
    expect(() => readRooms(JSON.stringify({ rooms: twice }))).toThrow('support is there twice');
  });
});

describe('the table of rooms', () => {
  const page =
    'before\n<!-- rooms: made from rooms.json by `npm run rooms:write` -->\noutdated\n<!-- end of rooms -->\nafter\n';

  it('replaces what stands between its markers and nothing else', () => {
    const written = withRoomsTable(page, rooms);
    expect(written).toContain('| lua | scripts | support |');
    expect(written).not.toContain('outdated');
    expect(written).toMatch(/^before\n<!--[\s\S]*-->\nafter\n$/);
    expect(withRoomsTable(written, rooms)).toBe(written);
  });

  it('is not put into a page that lost its markers', () => {
    expect(() => withRoomsTable('# Architecture\n', rooms)).toThrow('lost its markers');
  });
});
