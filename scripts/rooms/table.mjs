import { everything } from './rooms.mjs';

/** @import { Room } from './rooms.mjs' */

const begin = '<!-- rooms: made from rooms.json by `npm run rooms:write` -->';
const end = '<!-- end of rooms -->';

/**
 * A page with its table of rooms brought up to date, between the two markers that it must have.
 *
 * @param {string} page markdown
 * @param {readonly Room[]} rooms
 */
export function withRoomsTable(page, rooms) {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`ARCHITECTURE.md has lost its markers ${begin} and ${end}.`);
  }
  return `${before}${begin}\n${table(rooms)}\n${end}${after}`;
}

/** @param {readonly Room[]} rooms */
function table(rooms) {
  const rows = rooms.map(({ room, holds, mayImport }) => `| ${room} | ${holds} | ${allowed(mayImport)} |`);
  return ['| room | holds | may import |', '| --- | --- | --- |', ...rows].join('\n');
}

/** @param {readonly string[]} mayImport */
function allowed(mayImport) {
  if (mayImport.includes(everything)) return 'everything';
  return mayImport.join(', ') || '–';
}
