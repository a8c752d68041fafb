import { LuaStatus } from './raw.ts';
import { type LuaState, shownName } from './state.ts';

/** Beyond this size, in bytes, the column of a syntax error is not looked for. */
const largest = 256 * 1024;

/** Where and why a chunk does not parse. */
export interface SyntaxFault {
  /** As Lua words it, with the chunk's name and line before it. */
  readonly message: string;
  readonly line: number | null;
  /** In characters, from 1; null when it cannot be told. */
  readonly column: number | null;
}

/**
 * Reads the fault that loading `source` has left on the stack, and takes it off.
 *
 * Lua gives no columns. The place is found by loading ever shorter beginnings of the text: the shortest one that fails
 * with the same words ends right behind the word that is wrong.
 */
export function syntaxFault(lua: LuaState, source: string | Uint8Array, name: string): SyntaxFault {
  const message = takeMessage(lua);
  const line = Number(/:(\d+): /.exec(message.slice(shownName(name).length))?.[1] ?? Number.NaN);
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source;
  const column = bytes.length > largest || Number.isNaN(line) ? null : columnOf(lua, bytes, name, message);
  return { message, line: Number.isNaN(line) ? null : line, column };
}

function columnOf(lua: LuaState, bytes: Uint8Array, name: string, message: string): number {
  let [passes, fails] = [0, bytes.length];
  while (fails - passes > 1) {
    const middle = (passes + fails) >> 1;
    if (messageFor(lua, bytes.subarray(0, middle), name) === message) fails = middle;
    else passes = middle;
  }
  const near = / near '(.*)'$/s.exec(message)?.[1] ?? '<\\0>';
  // A character that cannot be shown is shown as its number, and NUL not at all.
  const nearLength = /^<\\\d+>$/.test(near) ? 1 : near.length;
  const before = new TextDecoder().decode(bytes.subarray(0, fails));
  const end = message.endsWith('<eof>') ? before.length + 1 : before.length - nearLength + 1;
  return Math.max(1, end - 1 - before.lastIndexOf('\n', end - 2));
}

function messageFor(lua: LuaState, text: Uint8Array, name: string): string | null {
  if (lua.load(text, name) !== LuaStatus.ok) return takeMessage(lua);
  lua.api.lua_settop(lua.main, -2);
  return null;
}

function takeMessage(lua: LuaState): string {
  const message = lua.stringAt(lua.main, -1);
  lua.api.lua_settop(lua.main, -2);
  return message;
}
