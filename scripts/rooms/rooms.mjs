/**
 * A part of src/: a folder, or a file when its name has a dot.
 *
 * @typedef {{ room: string, holds: string, mayImport: readonly string[] }} Room
 */

/** In `mayImport`: every room. */
export const everything = '*';

/**
 * Reads rooms.json. A room may import rooms above it only, so that rooms never form a circle; only a room that may
 * import everything is free of that.
 *
 * @param {string} text
 * @returns {Room[]}
 */
export function readRooms(text) {
  /** @type {{ rooms: Room[] }} */
  const { rooms } = JSON.parse(text);
  const above = new Set([everything]);
  for (const { room, holds, mayImport } of rooms) {
    if (!room || !holds)
      throw new Error('rooms.json: a room needs a name in `room` and a purpose in `holds`.');
    if (above.has(room)) throw new Error(`rooms.json: ${room} is there twice.`);
    const unknown = mayImport.find((other) => !above.has(other));
    if (unknown !== undefined) {
      throw new Error(`rooms.json: ${room} may import ${unknown}, which is no room above it in the list.`);
    }
    above.add(room);
  }
  return rooms;
}

/**
 * A regular expression for the files of a room, as paths from the root.
 *
 * @param {string} room
 */
export function filesOf(room) {
  const name = room.replaceAll('.', '\\.');
  return room.includes('.') ? `^src/${name}$` : `^src/${name}/`;
}
