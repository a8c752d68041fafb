/**
 * `npm run check:rooms`: holds the imports of src/ and the table in ARCHITECTURE.md to rooms.json.
 * With `--write` (`npm run rooms:write`) it brings the table up to date instead of complaining about it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare/paths.mjs';
import { findViolations } from './rooms/imports.mjs';
import { readRooms } from './rooms/rooms.mjs';
import { withRoomsTable } from './rooms/table.mjs';

const rooms = readRooms(readFileSync(join(root, 'rooms.json'), 'utf8'));
const page = join(root, 'ARCHITECTURE.md');
const before = readFileSync(page, 'utf8');
const after = withRoomsTable(before, rooms);
if (process.argv.includes('--write')) writeFileSync(page, after);

const { files, complaints } = await findViolations(root, rooms);
if (!process.argv.includes('--write') && before !== after) {
  complaints.push('The table in ARCHITECTURE.md is not what rooms.json says. Run: npm run rooms:write');
}
for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
if (complaints.length > 0) process.exitCode = 1;
else process.stdout.write(`${files} files in ${rooms.length} rooms: every import is allowed.\n`);
