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
  /** Error table → the failure it was made for, as JSON. */
  failures: 1_003n,
} as const;

/** How deep a value may be nested, on its way in and out. */
export const deepestValue = 200;

/** How many lists of keys are shared between objects, and how many keys those may have. */
const mostShapes = 500;
const mostSharedKeys = 60;

const longestSafe = BigInt(Number.MAX_SAFE_INTEGER);

/** Puts values of the host on a Lua stack, as plain Lua values. */
export class Pusher {
  readonly #lua: LuaState;
  #what = '';
  /** Keys joined → where the shared order list of that shape stands in the registry, per state. */
  #shapes = new Map<string, bigint>();

  constructor(lua: LuaState) {
    this.#lua = lua;
  }

  /** Forgets what belongs to a state that was closed. */
  reset(): void {
    this.#shapes = new Map();
  }

  /**
   * Pushes a value. Null at the top is nil; in a list it is `json.null`, in an object it is left out.
   * @param what stands before the error for a value that is nested too deeply
   */
  push(state: Pointer, value: JsonValue, what = ''): void {
    this.#what = what;
    this.#push(state, value, 0);
  }

  #push(state: Pointer, value: JsonValue, depth: number): void {
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
        if (Array.isArray(value)) this.#pushList(state, value, depth + 1);
        else if (isJsonObject(value)) this.#pushObject(state, value, depth + 1);
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

  #pushList(state: Pointer, list: readonly JsonValue[], depth: number): void {
    const { api } = this.#lua;
    this.#room(state, depth);
    api.lua_createtable(state, list.length, 0);
    let index = 1n;
    for (const item of list) {
      if (item === null) this.pushNull(state);
      else this.#push(state, item, depth);
      api.lua_rawseti(state, -2, index);
      index += 1n;
    }
    if (list.length === 0) this.markList(state);
  }

  #pushObject(state: Pointer, object: JsonObject, depth: number): void {
    const { api } = this.#lua;
    this.#room(state, depth);
    const entries = Object.entries(object);
    api.lua_createtable(state, 0, entries.length);
    const keys: string[] = [];
    let shape = '';
    for (const [key, value] of entries) {
      if (value === null) continue;
      const constant = this.#lua.heap.key(key);
      if (constant === null) {
        this.#lua.pushText(state, key);
        this.#push(state, value, depth);
        api.lua_rawset(state, -3);
      } else {
        // The table is new and has no metatable: this sets as raw as can be, and finds the key by its address.
        this.#push(state, value, depth);
        api.lua_setfield(state, -2, constant);
      }
      keys.push(key);
      // With its length, so that no two lists of keys read the same.
      shape += `${key.length}:${key}`;
    }
    if (keys.length > 1) this.#rememberOrder(state, shape, keys);
  }

  /** Objects of one shape share one list of keys. Where keys are data, there is no end of shapes: those share none. */
  #rememberOrder(state: Pointer, shape: string, keys: readonly string[]): void {
    const { api } = this.#lua;
    this.#lua.pushMark(state, marks.orders);
    api.lua_pushvalue(state, -2);
    const place = this.#shapes.get(shape);
    const isShared = keys.length <= mostSharedKeys && this.#shapes.size < mostShapes;
    if (place === undefined) {
      api.lua_createtable(state, keys.length, 0);
      keys.forEach((key, index) => {
        this.#lua.pushText(state, key);
        api.lua_rawseti(state, -2, BigInt(index + 1));
      });
      if (isShared) {
        // The orders table keeps the lists under its own integer keys, which no table can be.
        const next = BigInt(this.#shapes.size + 1);
        api.lua_pushvalue(state, -1);
        api.lua_rawseti(state, -4, next);
        this.#shapes.set(shape, next);
      }
    } else {
      api.lua_rawgeti(state, -2, place);
    }
    api.lua_rawset(state, -3);
    api.lua_settop(state, -2);
  }

  #room(state: Pointer, depth: number): void {
    if (depth > deepestValue || this.#lua.api.lua_checkstack(state, 8) === 0)
      this.#lua.raise(state, `${this.#what}the value is nested more than ${deepestValue} deep`);
  }
}

/** An integer as JavaScript holds it: a number while that is exact. */
export function integerOf(value: bigint): number | bigint {
  return value >= -longestSafe && value <= longestSafe ? Number(value) : value;
}
