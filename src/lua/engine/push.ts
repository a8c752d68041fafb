import { isJsonObject, type JsonObject, type JsonValue } from '../../support/json.ts';
import type { Pointer } from './raw.ts';
import type { LuaState } from './state.ts';

/**
 * Registry tables with weak keys that remember what a Lua table cannot say of itself, by their place in the registry:
 * a number is looked up faster than a name. Lua's own library uses the first few numbers.
 */
export const marks = {
  /** Table → how long a list it is at least. An empty list is no empty object, and a list may end in nil. */
  lists: 1_001n,
  /** Table → list of its keys in the order of the document it came from. */
  orders: 1_002n,
  /** Error table → number of the failure it was made for. */
  failures: 1_003n,
} as const;

const longestSafe = BigInt(Number.MAX_SAFE_INTEGER);

/** Puts values of the host on a Lua stack, as plain Lua values. */
export class Pusher {
  readonly #lua: LuaState;
  /** Keys joined → where the shared order list of that shape stands in the registry, per state. */
  #shapes = new Map<string, bigint>();

  constructor(lua: LuaState) {
    this.#lua = lua;
  }

  /** Forgets what belongs to a state that was closed. */
  reset(): void {
    this.#shapes = new Map();
  }

  /** Pushes a value. Null at the top is nil; in a list it is `json.null`, in an object it is left out. */
  push(state: Pointer, value: JsonValue): void {
    const { api } = this.#lua;
    switch (typeof value) {
      case 'string':
        this.#lua.pushText(state, value);
        return;
      case 'number':
        if (Number.isSafeInteger(value) && !Object.is(value, -0)) api.lua_pushinteger(state, BigInt(value));
        else api.lua_pushnumber(state, value);
        return;
      case 'boolean':
        api.lua_pushboolean(state, value ? 1 : 0);
        return;
      case 'bigint':
        this.#pushBigint(state, value);
        return;
      default:
        if (Array.isArray(value)) this.#pushList(state, value);
        else if (isJsonObject(value)) this.#pushObject(state, value);
        else api.lua_pushnil(state);
    }
  }

  pushNull(state: Pointer): void {
    this.#lua.api.lua_pushlightuserdata(state, 0);
  }

  /** Marks the table on top of the stack as a list, of at least `length` items, of which some may be nil. */
  markList(state: Pointer, length = 0): void {
    const { api } = this.#lua;
    this.#lua.pushMark(state, marks.lists);
    api.lua_pushvalue(state, -2);
    api.lua_pushinteger(state, BigInt(length));
    api.lua_rawset(state, -3);
    api.lua_settop(state, -2);
  }

  /** A Lua integer holds 64 bits; what is longer becomes text, so that no digit is lost. */
  #pushBigint(state: Pointer, value: bigint): void {
    if (BigInt.asIntN(64, value) === value) this.#lua.api.lua_pushinteger(state, value);
    else this.#lua.pushText(state, value.toString());
  }

  #pushList(state: Pointer, list: readonly JsonValue[]): void {
    const { api } = this.#lua;
    this.#room(state);
    api.lua_createtable(state, list.length, 0);
    let index = 1n;
    for (const item of list) {
      if (item === null) this.pushNull(state);
      else this.push(state, item);
      api.lua_rawseti(state, -2, index);
      index += 1n;
    }
    if (list.length === 0) this.markList(state);
  }

  #pushObject(state: Pointer, object: JsonObject): void {
    const { api } = this.#lua;
    this.#room(state);
    const entries = Object.entries(object);
    api.lua_createtable(state, 0, entries.length);
    const keys: string[] = [];
    let shape = '';
    for (const [key, value] of entries) {
      if (value === null) continue;
      const constant = this.#lua.heap.key(key);
      if (constant === null) {
        this.#lua.pushText(state, key);
        this.push(state, value);
        api.lua_rawset(state, -3);
      } else {
        // The table is new and has no metatable: this sets as raw as can be, and finds the key by its address.
        this.push(state, value);
        api.lua_setfield(state, -2, constant);
      }
      keys.push(key);
      // With its length, so that no two lists of keys read the same.
      shape += `${key.length}:${key}`;
    }
    if (keys.length > 1) this.#rememberOrder(state, shape, keys);
  }

  /** Objects of one shape share one list of keys. */
  #rememberOrder(state: Pointer, shape: string, keys: readonly string[]): void {
    const { api } = this.#lua;
    this.#lua.pushMark(state, marks.orders);
    api.lua_pushvalue(state, -2);
    const place = this.#shapes.get(shape);
    if (place === undefined) {
      api.lua_createtable(state, keys.length, 0);
      keys.forEach((key, index) => {
        this.#lua.pushText(state, key);
        api.lua_rawseti(state, -2, BigInt(index + 1));
      });
      // The orders table keeps the lists under its own integer keys, which no table can be.
      const next = BigInt(this.#shapes.size + 1);
      api.lua_pushvalue(state, -1);
      api.lua_rawseti(state, -4, next);
      this.#shapes.set(shape, next);
    } else {
      api.lua_rawgeti(state, -2, place);
    }
    api.lua_rawset(state, -3);
    api.lua_settop(state, -2);
  }

  #room(state: Pointer): void {
    if (this.#lua.api.lua_checkstack(state, 8) === 0)
      this.#lua.raise(state, 'the value is nested too deeply');
  }
}

/** An integer as JavaScript holds it: a number while that is exact. */
export function integerOf(value: bigint): number | bigint {
  return value >= -longestSafe && value <= longestSafe ? Number(value) : value;
}
