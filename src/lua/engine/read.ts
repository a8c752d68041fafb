import type { JsonObject, JsonValue } from '../../support/json.ts';
import type { Buffers } from './buffers.ts';
import { deepestValue, integerOf, marks } from './push.ts';
import { LuaType, type Pointer } from './raw.ts';
import { sizes } from './sizes.ts';
import { type LuaState, typeName } from './state.ts';

/** Why a Lua value is no JSON value, and where in it: `list[2].name`. */
export class UnreadableValue extends Error {
  override readonly name = 'UnreadableValue';
}

/** Takes values off a Lua stack. A table becomes a list or an object; what is neither is refused with its path. */
export class Reader {
  readonly #lua: LuaState;
  readonly #buffers: Buffers;

  constructor(lua: LuaState, buffers: Buffers) {
    this.#lua = lua;
    this.#buffers = buffers;
  }

  /**
   * The value at an index, which stays where it is. No metamethod is called and nothing is raised in Lua.
   * @throws UnreadableValue naming the path below `path`
   * @throws OutOfMemory
   */
  read(state: Pointer, index: number, path: string): JsonValue {
    return this.#read(state, this.#lua.api.lua_absindex(state, index), path, []);
  }

  #read(state: Pointer, index: number, path: string, open: readonly Pointer[]): JsonValue {
    const { api } = this.#lua;
    const type = api.lua_type(state, index);
    this.#buffers.hold(sizes.scalar);
    switch (type) {
      case LuaType.string:
        this.#buffers.hold(sizes.string);
        return this.#lua.stringAt(state, index);
      case LuaType.number:
        return this.#number(state, index, path);
      case LuaType.boolean:
        return api.lua_toboolean(state, index) !== 0;
      case LuaType.table:
        return this.#table(state, index, path, open);
      case LuaType.nil:
      case LuaType.lightUserdata:
        return null;
      default:
        throw new UnreadableValue(`${path || 'the value'}: a ${typeName(type)} is no JSON value`);
    }
  }

  #number(state: Pointer, index: number, path: string): number | bigint {
    const { api } = this.#lua;
    if (api.lua_isinteger(state, index) !== 0) return integerOf(api.lua_tointegerx(state, index, 0));
    const value = api.lua_tonumberx(state, index, 0);
    if (Number.isFinite(value)) return value;
    const word = Number.isNaN(value) ? 'NaN' : value > 0 ? 'infinity' : '-infinity';
    throw new UnreadableValue(`${path || 'the value'}: ${word} is no JSON number`);
  }

  #table(state: Pointer, index: number, path: string, open: readonly Pointer[]): JsonValue {
    const { api } = this.#lua;
    const identity = api.lua_topointer(state, index);
    if (open.includes(identity))
      throw new UnreadableValue(`${path || 'the value'}: the table contains itself`);
    if (open.length >= deepestValue || api.lua_checkstack(state, 8) === 0) {
      throw new UnreadableValue(`${path || 'the value'}: nested more than ${deepestValue} deep`);
    }
    this.#buffers.hold(sizes.table);
    const inside = [...open, identity];
    const marked = this.markedLength(state, index);
    const length = Math.max(Number(api.lua_rawlen(state, index)), marked);
    if (length > 0 || marked === 0) return this.#list(state, index, length, path, inside, marked > 0);
    return this.#object(state, index, path, inside);
  }

  /** How long the list at an index is marked to be at least; -1 when it is not marked as one. */
  markedLength(state: Pointer, index: number): number {
    const { api } = this.#lua;
    const table = api.lua_absindex(state, index);
    this.#lua.pushMark(state, marks.lists);
    api.lua_pushvalue(state, table);
    const isMarked = api.lua_rawget(state, -2) === LuaType.number;
    const length = isMarked ? Number(api.lua_tointegerx(state, -1, 0)) : -1;
    api.lua_settop(state, -3);
    return length;
  }

  #list(
    state: Pointer,
    index: number,
    length: number,
    path: string,
    open: readonly Pointer[],
    mayHaveHoles: boolean,
  ): JsonValue[] {
    const { api } = this.#lua;
    const list: JsonValue[] = [];
    for (let position = 1; position <= length; position += 1) {
      api.lua_rawgeti(state, index, BigInt(position));
      list.push(this.#read(state, api.lua_gettop(state), `${path}[${position}]`, open));
      api.lua_settop(state, -2);
    }
    // The length is a border of the list part; any other key makes the table neither list nor object.
    let keys = 0;
    api.lua_pushnil(state);
    while (api.lua_next(state, index) !== 0) {
      keys += 1;
      api.lua_settop(state, -2);
      const isPosition =
        api.lua_isinteger(state, -1) !== 0 && api.lua_tointegerx(state, -1, 0) <= BigInt(length);
      if (!isPosition || api.lua_tointegerx(state, -1, 0) < 1n) {
        const key = this.#keyText(state, -1);
        throw new UnreadableValue(
          `${path || 'the value'}: a table with both list items and the key ${key} is no JSON value`,
        );
      }
    }
    if (keys === length || mayHaveHoles) return list;
    throw new UnreadableValue(`${path || 'the value'}: a list with holes is no JSON value`);
  }

  #object(state: Pointer, index: number, path: string, open: readonly Pointer[]): JsonObject {
    const { api } = this.#lua;
    const found = new Map<string, JsonValue>();
    api.lua_pushnil(state);
    while (api.lua_next(state, index) !== 0) {
      if (api.lua_type(state, -2) !== LuaType.string) {
        const key = this.#keyText(state, -2);
        const reason =
          api.lua_type(state, -2) === LuaType.number
            ? 'a list must begin at 1 and have no holes'
            : 'the keys of an object are strings';
        throw new UnreadableValue(`${path || 'the value'}: the key ${key} is no JSON key (${reason})`);
      }
      this.#buffers.hold(sizes.field);
      const key = this.#lua.stringAt(state, -2);
      found.set(key, this.#read(state, api.lua_gettop(state), path === '' ? key : `${path}.${key}`, open));
      api.lua_settop(state, -2);
    }
    const object: JsonObject = {};
    for (const key of this.#order(state, index, found)) {
      // Defined, not assigned: a key called __proto__ is a key like any other.
      Object.defineProperty(object, key, {
        value: found.get(key),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    }
    return object;
  }

  /** The keys as the document had them, then any others in order of their letters. */
  #order(state: Pointer, index: number, found: ReadonlyMap<string, JsonValue>): string[] {
    const known = this.orderOf(state, index).filter((key) => found.has(key));
    const rest = new Set(found.keys());
    for (const key of known) rest.delete(key);
    return [...known, ...[...rest].sort()];
  }

  /** The keys of a table in the order of the document it came from; none for a table made by the script. */
  orderOf(state: Pointer, index: number): string[] {
    const { api } = this.#lua;
    const table = api.lua_absindex(state, index);
    this.#lua.pushMark(state, marks.orders);
    api.lua_pushvalue(state, table);
    const keys: string[] = [];
    if (api.lua_rawget(state, -2) === LuaType.table) {
      const length = Number(api.lua_rawlen(state, -1));
      for (let position = 1; position <= length; position += 1) {
        api.lua_rawgeti(state, -1, BigInt(position));
        keys.push(this.#lua.stringAt(state, -1));
        api.lua_settop(state, -2);
      }
    }
    api.lua_settop(state, -3);
    return keys;
  }

  #keyText(state: Pointer, index: number): string {
    const { api } = this.#lua;
    const type = api.lua_type(state, index);
    if (type === LuaType.string) return JSON.stringify(this.#lua.stringAt(state, index));
    if (type !== LuaType.number) return `of type ${typeName(type)}`;
    const integer = api.lua_isinteger(state, index) !== 0;
    return String(integer ? api.lua_tointegerx(state, index, 0) : api.lua_tonumberx(state, index, 0));
  }
}
