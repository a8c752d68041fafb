import { wasmImports } from './wasm-imports.ts';

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
  lua_copy(state: Pointer, from: number, to: number): void;
  lua_createtable(state: Pointer, list: number, record: number): void;
  lua_error(state: Pointer): number;
  lua_getfield(state: Pointer, index: number, name: Pointer): number;
  lua_getinfo(state: Pointer, what: Pointer, record: Pointer): number;
  lua_getstack(state: Pointer, level: number, record: Pointer): number;
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
  lua_sethook(state: Pointer, hook: Pointer, mask: number, count: number): void;
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
  /** The time Lua sees, in milliseconds since 1970. */
  now: () => number;
  /** Makes a C function of an exported WebAssembly function, and gives its address. */
  addFunction(exported: unknown): Pointer;
}

/** Makes an engine of its compiled module. */
export function createEngine(module: WebAssembly.Module): Engine {
  const instance: WebAssembly.Instance = new WebAssembly.Instance(
    module,
    wasmImports(
      () => exports,
      () => engine.now(),
    ),
  );
  // What is used of them is what these interfaces name; a missing export would fail the first test.
  const exports = instance.exports as unknown as LuaApi & EngineExports;
  exports.emscripten_stack_init();
  exports.__wasm_call_ctors();
  const table = exports.__indirect_function_table;
  const engine: Engine = {
    api: exports,
    now: Date.now,
    addFunction: (exported) => {
      const address = table.grow(1);
      table.set(address, exported);
      return address;
    },
  };
  return engine;
}

interface EngineExports {
  readonly __indirect_function_table: WebAssembly.Table;
  stackSave: () => number;
  stackRestore: (stack: number) => void;
  setThrew: (threw: number, value: number) => void;
  emscripten_stack_init(): void;
  __wasm_call_ctors(): void;
}
