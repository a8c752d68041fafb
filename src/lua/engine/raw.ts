import { LuaWasm } from 'wasmoon';

/** A pointer into the engine's memory; also a Lua state. */
export type Pointer = number;

/**
 * Lua's C API as the WebAssembly module exports it, and the little of its run-time that goes with it. Names, arguments
 * and meanings are those of the Lua 5.4 reference manual, chapters 4 and 5.
 */
export interface LuaApi {
  readonly memory: WebAssembly.Memory;
  malloc(size: number): Pointer;
  readonly realloc: (pointer: Pointer, size: number) => Pointer;
  readonly free: (pointer: Pointer) => void;
  lua_newstate(allocator: Pointer, userData: Pointer): Pointer;
  lua_close(state: Pointer): void;
  luaL_openlibs(state: Pointer): void;
  luaL_loadbufferx(state: Pointer, text: Pointer, size: number, name: Pointer, mode: Pointer): number;
  luaL_tolstring(state: Pointer, index: number, length: Pointer): Pointer;
  luaL_traceback(state: Pointer, of: Pointer, message: Pointer, level: number): void;
  luaL_getsubtable(state: Pointer, index: number, name: Pointer): number;
  luaL_where(state: Pointer, level: number): void;
  lua_absindex(state: Pointer, index: number): number;
  lua_callk(state: Pointer, args: number, results: number, context: number, k: Pointer): void;
  lua_checkstack(state: Pointer, extra: number): number;
  lua_createtable(state: Pointer, list: number, record: number): void;
  lua_error(state: Pointer): number;
  lua_gc(state: Pointer, what: number, data: Pointer): number;
  lua_getfield(state: Pointer, index: number, name: Pointer): number;
  lua_getmetatable(state: Pointer, index: number): number;
  lua_gettop(state: Pointer): number;
  lua_isinteger(state: Pointer, index: number): number;
  lua_next(state: Pointer, index: number): number;
  lua_pcallk(
    state: Pointer,
    args: number,
    results: number,
    handler: number,
    context: number,
    k: Pointer,
  ): number;
  lua_pushboolean(state: Pointer, value: number): void;
  lua_pushcclosure(state: Pointer, fn: Pointer, upvalues: number): void;
  lua_pushinteger(state: Pointer, value: bigint): void;
  lua_pushlightuserdata(state: Pointer, pointer: Pointer): void;
  lua_pushlstring(state: Pointer, text: Pointer, length: number): Pointer;
  lua_pushnil(state: Pointer): void;
  lua_pushnumber(state: Pointer, value: number): void;
  lua_pushvalue(state: Pointer, index: number): void;
  lua_rawequal(state: Pointer, first: number, second: number): number;
  lua_rawget(state: Pointer, index: number): number;
  lua_rawgeti(state: Pointer, index: number, n: bigint): number;
  lua_rawlen(state: Pointer, index: number): bigint;
  lua_rawset(state: Pointer, index: number): void;
  lua_rawseti(state: Pointer, index: number, n: bigint): void;
  lua_rotate(state: Pointer, index: number, n: number): void;
  lua_setfield(state: Pointer, index: number, name: Pointer): void;
  lua_setmetatable(state: Pointer, index: number): number;
  lua_settop(state: Pointer, index: number): void;
  lua_toboolean(state: Pointer, index: number): number;
  lua_tointegerx(state: Pointer, index: number, isInteger: Pointer): bigint;
  lua_tolstring(state: Pointer, index: number, length: Pointer): Pointer;
  lua_tonumberx(state: Pointer, index: number, isNumber: Pointer): number;
  lua_topointer(state: Pointer, index: number): Pointer;
  lua_type(state: Pointer, index: number): number;
}

/** `lua_type`. */
export const LuaType = {
  nil: 0,
  boolean: 1,
  lightUserdata: 2,
  number: 3,
  string: 4,
  table: 5,
  function: 6,
  userdata: 7,
  thread: 8,
} as const;

/** Results of `lua_pcall` and `luaL_loadbuffer`. */
export const LuaStatus = {
  ok: 0,
  yield: 1,
  runtimeError: 2,
  syntaxError: 3,
  memoryError: 4,
  handlerError: 5,
} as const;

/** `LUA_REGISTRYINDEX` for the engine's stack limit of 1,000,000 slots. */
export const registryIndex = -1_000_000 - 1_000;

/** The registry's field of the table of globals, `LUA_RIDX_GLOBALS`. */
export const globalsField = 2n;

/** The engine of one thread. */
export interface Engine {
  readonly api: LuaApi;
  /** Makes a C function of a JavaScript or WebAssembly one; `signature` names the types of result and arguments. */
  addFunction(callback: (...args: never[]) => unknown, signature: string): Pointer;
}

/**
 * Loads the engine; its WebAssembly is compiled once per thread.
 *
 * The module's own wrappers check every call, which costs more than the calls; so the exports themselves are taken,
 * as they pass by on their way to the module.
 */
export async function loadEngine(wasmFile: string): Promise<Engine> {
  const { instantiate } = WebAssembly;
  let exports: WebAssembly.Exports | null = null;
  WebAssembly.instantiate = async (bytes, imports) => {
    const made = await instantiate(bytes, imports);
    exports = made.instance.exports;
    return made;
  };
  try {
    const { module } = await LuaWasm.initialize(wasmFile);
    return {
      // What is called of it is what the interface names; a missing export would fail the first test.
      api: exports as unknown as LuaApi,
      addFunction: (callback, signature) => module.addFunction(callback as () => void, signature),
    };
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}
