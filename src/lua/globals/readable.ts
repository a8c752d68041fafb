import { LuaType, type Pointer } from '../engine/raw.ts';
import type { Reader } from '../engine/read.ts';
import { type LuaState, typeName } from '../engine/state.ts';

/** How wide a table may be on one line. */
const lineWidth = 80;
const deepest = 60;

/**
 * Values as people read them: tables like Lua writes them, keys in the order of the document they came from, else
 * sorted, so that the same value always reads the same.
 */
export class Readable {
  readonly #lua: LuaState;
  readonly #reader: Reader;

  constructor(lua: LuaState, reader: Reader) {
    this.#lua = lua;
    this.#reader = reader;
  }

  /** As `tostring` and `print` show a value: strings bare, tables readable unless they have a `__tostring`. */
  show(state: Pointer, index: number): string {
    const { api } = this.#lua;
    const type = api.lua_type(state, index);
    if (type === LuaType.string) return this.#lua.stringAt(state, index);
    if (type === LuaType.table && this.#hasOwnText(state, index)) return this.#lua.toText(state, index);
    return this.#value(state, api.lua_absindex(state, index), []);
  }

  /** As `dump` shows a value: strings quoted. */
  dump(state: Pointer, index: number): string {
    return this.#value(state, this.#lua.api.lua_absindex(state, index), []);
  }

  #value(state: Pointer, index: number, open: readonly Pointer[]): string {
    const { api } = this.#lua;
    const type = api.lua_type(state, index);
    switch (type) {
      case LuaType.nil:
        return 'nil';
      case LuaType.string:
        return quote(this.#lua.stringAt(state, index));
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

  #hasOwnText(state: Pointer, index: number): boolean {
    const { api } = this.#lua;
    if (api.lua_getmetatable(state, index) === 0) return false;
    this.#lua.pushText(state, '__tostring');
    const has = api.lua_rawget(state, -2) !== LuaType.nil;
    api.lua_settop(state, -3);
    return has;
  }

  #table(state: Pointer, index: number, open: readonly Pointer[]): string {
    const { api } = this.#lua;
    if (open.length > 0 && this.#hasOwnText(state, index)) return this.#lua.toText(state, index);
    const identity = api.lua_topointer(state, index);
    if (open.includes(identity)) return '<cycle>';
    if (open.length >= deepest || api.lua_checkstack(state, 10) === 0) return '<deeper>';
    const entries = this.#entries(state, index, [...open, identity]);
    if (entries.length === 0) return '{}';
    const oneLine = `{ ${entries.join(', ')} }`;
    if (oneLine.length <= lineWidth && !oneLine.includes('\n')) return oneLine;
    return `{\n${entries.map((entry) => `  ${entry.replaceAll('\n', '\n  ')},\n`).join('')}}`;
  }

  #entries(state: Pointer, index: number, open: readonly Pointer[]): string[] {
    const { api } = this.#lua;
    const length = Math.max(Number(api.lua_rawlen(state, index)), this.#reader.markedLength(state, index));
    const entries: string[] = [];
    for (let position = 1; position <= length; position += 1) {
      api.lua_rawgeti(state, index, BigInt(position));
      entries.push(this.#value(state, api.lua_gettop(state), open));
      api.lua_settop(state, -2);
    }
    const keyed: { rank: number; key: string; text: string }[] = [];
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
        keyed.push({
          rank: known ?? Number.MAX_SAFE_INTEGER,
          key,
          text: `${key} = ${this.#value(state, value, open)}`,
        });
      }
      api.lua_settop(state, -2);
    }
    keyed.sort((a, b) => a.rank - b.rank || (a.key < b.key ? -1 : 1));
    return [...entries, ...keyed.map(({ text }) => text)];
  }

  #isListed(state: Pointer, index: number, length: number): boolean {
    const { api } = this.#lua;
    if (api.lua_isinteger(state, index) === 0) return false;
    const position = api.lua_tointegerx(state, index, 0);
    return position >= 1n && position <= BigInt(length);
  }

  #keyText(state: Pointer, index: number): string {
    if (this.#lua.api.lua_type(state, index) !== LuaType.string) return `[${this.#value(state, index, [])}]`;
    const key = this.#lua.stringAt(state, index);
    return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !keywords.has(key) ? key : `[${quote(key)}]`;
  }
}

const keywords = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);

/** A string as Lua source. */
function quote(text: string): string {
  const escaped = text.replace(
    /[\\"\p{Cc}]/gu,
    (character) => escapes[character] ?? `\\${String(character.charCodeAt(0)).padStart(3, '0')}`,
  );
  return `"${escaped}"`;
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};
