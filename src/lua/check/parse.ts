import { type Chunk, parse } from 'luaparse';

/** The attributes of Lua 5.4's locals, which the parser does not know. */
const attribute = /<[ \t]*(?:const|close)[ \t]*>/g;

/**
 * Parses a program; null when the parser cannot, which says nothing of whether Lua can.
 * @param source as bytes, because Lua's strings are bytes: every character of the tree stands for one
 */
export function parseProgram(source: Uint8Array): Chunk | null {
  const text = Buffer.from(source).toString('latin1');
  try {
    // Blanks in their place keep every line and column.
    return parse(text.replace(attribute, (found) => ' '.repeat(found.length)).replace(/^#[^\n]*/, ''), {
      luaVersion: '5.3',
      encodingMode: 'pseudo-latin1',
      locations: true,
      comments: false,
    });
  } catch {
    return null;
  }
}
