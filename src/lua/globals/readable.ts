import type { Buffers } from '../engine/buffers.ts';
import { LuaType, type Pointer } from '../engine/raw.ts';
import type { Reader } from '../engine/read.ts';
import { sizes } from '../engine/sizes.ts';
import { type LuaState, typeName } from '../engine/state.ts';

/** How wide a table may be on one line. */
const lineWidth = 80;
const deepest = 60;
/** How much of a string is quoted at a time. */
const pieceLength = 32 * 1024;

/** A value's text: in one piece, or a table that is too wide for one line. */
type Text = string | readonly Entry[];

interface Entry {
  /** What stands before the value: a key and its equals sign, or nothing in a list. */
  readonly label: string;
  readonly text: Text;
}

/**
 * Values as people read them: tables like Lua writes them, keys in the order of the document they came from, else
 * sorted, so that the same value always reads the same.
 */
export class Readable {
  readonly #lua: LuaState;
  readonly #reader: Reader;
  readonly #buffers: Buffers;

  constructor(lua: LuaState, reader: Reader, buffers: Buffers) {
    this.#lua = lua;
    this.#reader = reader;
    this.#buffers = buffers;
  }

  /** As `tostring` and `print` show a value: strings bare, tables readable unless they have a `__tostring`. */
  show(state: Pointer, index: number): string {
    const { api } = this.#lua;
    const type = api.lua_type(state, index);
    if (type === LuaType.string) return this.#lua.stringAt(state, index);
    if (type === LuaType.table && this.#hasOwnText(state, index)) return this.#lua.toText(state, index);
    const text = this.#written(this.#value(state, api.lua_absindex(state, index), []));
    const name = type === LuaType.table ? this.#nameOf(state, index) : null;
    return name === null ? text : `${name}: ${text}`;
  }

  /** As `dump` shows a value: strings quoted. */
  dump(state: Pointer, index: number): string {
    return this.#written(this.#value(state, this.#lua.api.lua_absindex(state, index), []));
  }

  #value(state: Pointer, index: number, open: readonly Pointer[]): Text {
    const { api } = this.#lua;
    const type = api.lua_type(state, index);
    switch (type) {
      case LuaType.nil:
        return 'nil';
      case LuaType.string:
        return this.#quote(this.#lua.stringAt(state, index));
      case LuaType.number:
        return this.#numberText(state, index);
      case LuaType.boolean:
        return api.lua_toboolean(state, index) === 0 ? 'false' : 'true';
      case LuaType.lightUserdata:
        return 'json.null';
      case LuaType.table:
        return this.#table(state, index, open);
      default:
        return `<${typeName(type)}>`;
    }
  }

  #numberText(state: Pointer, index: number): string {
    this.#lua.api.lua_pushvalue(state, index);
    const text = this.#lua.toText(state, -1);
    this.#lua.api.lua_settop(state, -2);
    return text;
  }

  /** What a table's metatable calls it. */
  #nameOf(state: Pointer, index: number): string | null {
    const { api } = this.#lua;
    if (api.lua_getmetatable(state, index) === 0) return null;
    this.#lua.pushText(state, '__name');
    const name = api.lua_rawget(state, -2) === LuaType.string ? this.#lua.stringAt(state, -1) : null;
    api.lua_settop(state, -3);
    return name;
  }

  #hasOwnText(state: Pointer, index: number): boolean {
    const { api } = this.#lua;
    if (api.lua_getmetatable(state, index) === 0) return false;
    this.#lua.pushText(state, '__tostring');
    const has = api.lua_rawget(state, -2) !== LuaType.nil;
    api.lua_settop(state, -3);
    return has;
  }

  #table(state: Pointer, index: number, open: readonly Pointer[]): Text {
    const { api } = this.#lua;
    if (open.length > 0 && this.#hasOwnText(state, index)) return this.#lua.toText(state, index);
    const identity = api.lua_topointer(state, index);
    if (open.includes(identity)) return '<cycle>';
    if (open.length >= deepest || api.lua_checkstack(state, 10) === 0) return '<deeper>';
    const { held } = this.#buffers;
    const entries = this.#entries(state, index, [...open, identity]);
    const text = onOneLine(entries);
    if (text === null) return entries;
    // What the text was put together from is not needed any more.
    this.#buffers.releaseTo(held);
    this.#buffers.hold(sizes.string + text.length);
    return text;
  }

  #entries(state: Pointer, index: number, open: readonly Pointer[]): Entry[] {
    const { api } = this.#lua;
    const length = Math.max(Number(api.lua_rawlen(state, index)), this.#reader.markedLength(state, index));
    const entries: Entry[] = [];
    for (let position = 1; position <= length; position += 1) {
      api.lua_rawgeti(state, index, BigInt(position));
      entries.push({ label: '', text: this.#value(state, api.lua_gettop(state), open) });
      this.#buffers.hold(sizes.entry);
      api.lua_settop(state, -2);
    }
    const keyed: { rank: number; key: string; text: Text }[] = [];
    const order = new Map(this.#reader.orderOf(state, index).map((key, position) => [key, position]));
    api.lua_pushnil(state);
    while (api.lua_next(state, index) !== 0) {
      const value = api.lua_gettop(state);
      if (!this.#isListed(state, value - 1, length)) {
        const key = this.#keyText(state, value - 1);
        const known =
          api.lua_type(state, value - 1) === LuaType.string
            ? order.get(this.#lua.stringAt(state, value - 1))
            : undefined;
        this.#buffers.hold(sizes.entry * 2 + key.length);
        keyed.push({ rank: known ?? Number.MAX_SAFE_INTEGER, key, text: this.#value(state, value, open) });
      }
      api.lua_settop(state, -2);
    }
    keyed.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1));
    for (const { key, text } of keyed) entries.push({ label: `${key} = `, text });
    return entries;
  }

  /** A text with its tables' entries each on a line of its own. */
  #written(text: Text): string {
    if (typeof text === 'string') return text;
    const pieces: string[] = [];
    const add = (piece: string) => {
      this.#buffers.hold(sizes.string + piece.length);
      pieces.push(piece);
    };
    const write = (entries: readonly Entry[], margin: string) => {
      add('{\n');
      for (const { label, text } of entries) {
        add(`${margin}  ${label}`);
        if (typeof text === 'string') add(text.replaceAll('\n', `\n${margin}  `));
        else write(text, `${margin}  `);
        add(',\n');
      }
      add(`${margin}}`);
    };
    write(text, '');
    return pieces.join('');
  }

  #isListed(state: Pointer, index: number, length: number): boolean {
    const { api } = this.#lua;
    if (api.lua_isinteger(state, index) === 0) return false;
    const position = api.lua_tointegerx(state, index, 0);
    return position >= 1n && position <= BigInt(length);
  }

  #keyText(state: Pointer, index: number): string {
    if (this.#lua.api.lua_type(state, index) !== LuaType.string)
      return `[${this.#written(this.#value(state, index, []))}]`;
    const key = this.#lua.stringAt(state, index);
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !keywords.has(key) ? key : `[${this.#quote(key)}]`;
  }

  /** A string as Lua source, piece by piece: what is escaped may be four times as long. */
  #quote(text: string): string {
    let quoted = '"';
    for (let at = 0; at < text.length; at += pieceLength) {
      const piece = escaped(text.slice(at, at + pieceLength));
      this.#buffers.hold(piece.length);
      quoted += piece;
    }
    return `${quoted}"`;
  }
}

/** A table of entries on one line, where it fits. */
function onOneLine(entries: readonly Entry[]): string | null {
  if (entries.length === 0) return '{}';
  let width = '{ '.length + ' }'.length - ', '.length;
  const texts: string[] = [];
  for (const { label, text } of entries) {
    if (typeof text !== 'string') return null;
    width += label.length + text.length + ', '.length;
    if (width > lineWidth || text.includes('\n')) return null;
    texts.push(label + text);
  }
  return `{ ${texts.join(', ')} }`;
}

const keywords = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);

function escaped(text: string): string {
  return text.replace(
    /[\\"\p{Cc}]/gu,
    (character) => escapes[character] ?? `\\${String(character.charCodeAt(0)).padStart(3, '0')}`,
  );
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};
