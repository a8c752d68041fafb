import { marks } from '../engine/push.ts';
import { LuaStatus, type Pointer, registryIndex } from '../engine/raw.ts';
import { collector, type LuaFunction } from '../engine/state.ts';
import { Regex } from '../regex/regex.ts';
import { formatFunction, ownFormat } from './format.ts';
import { hostFunctions } from './host-calls.ts';
import { jsonFunctions } from './json.ts';
import { printFunctions } from './print.ts';
import { regexFunctions } from './regex.ts';
import type { LuaThread } from './thread.ts';

/** Everything a state has; what Lua's libraries bring beyond this is taken away before any program is read. */
const kept: Readonly<Record<string, readonly string[] | 'all'>> = {
  _G: 'assert collectgarbage error getmetatable ipairs load next pairs pcall print rawequal rawget rawlen rawset select setmetatable tonumber tostring type xpcall _VERSION _G'.split(
    ' ',
  ),
  coroutine: 'all',
  math: 'all',
  table: 'all',
  utf8: 'all',
  string:
    'byte char find format gmatch gsub len lower match pack packsize rep reverse sub unpack upper'.split(' '),
  os: ['clock', 'date', 'difftime', 'time'],
};

/** Registry tables whose keys do not keep a table alive. */
const weakTables = Object.values(marks);

/** What a thread's states are made of beside the engine. */
export interface ThreadFiles {
  /** The prelude, compiled. */
  readonly prelude: Uint8Array;
  /** Compiles the engine of regular expressions, once a program needs it. */
  regex(): WebAssembly.Module;
}

/** Prepares fresh states: opens the libraries, takes away what a program must not have, and adds the host's globals. */
export function createSandbox(thread: LuaThread, files: ThreadFiles): () => string | null {
  const { lua, pusher } = thread;
  const { api } = lua;
  const globals = printFunctions(thread);
  const format = formatFunction(thread);
  const json = jsonFunctions(thread);
  const host = hostFunctions(thread);
  const regex = regexFunctions(thread, () => {
    if (thread.regex === null || thread.regex.broken) thread.regex = new Regex(files.regex());
    return thread.regex;
  });

  const setFunctions = (state: Pointer, functions: Readonly<Record<string, LuaFunction>>) => {
    for (const [name, fn] of Object.entries(functions)) {
      lua.pushFunction(state, fn);
      lua.setField(state, -2, name);
    }
  };

  /** Removes every field of the table on top that is not kept. */
  const prune = (state: Pointer, keep: readonly string[]) => {
    const names: string[] = [];
    api.lua_pushnil(state);
    while (api.lua_next(state, -2) !== 0) {
      api.lua_settop(state, -2);
      names.push(lua.stringAt(state, -1));
    }
    for (const name of names) {
      if (keep.includes(name)) continue;
      api.lua_pushnil(state);
      lua.setField(state, -2, name);
    }
  };

  const setup = (state: Pointer): number => {
    api.luaL_openlibs(state);
    lua.pushRegistryTable(state, '_LOADED');
    for (const [library, names] of Object.entries(kept)) {
      lua.getField(state, -1, library);
      if (names !== 'all') prune(state, library === '_G' ? [...names, ...Object.keys(kept)] : names);
      api.lua_settop(state, -2);
    }
    prune(state, Object.keys(kept));
    for (const place of weakTables) {
      api.lua_createtable(state, 0, 0);
      api.lua_createtable(state, 0, 1);
      lua.pushText(state, 'k');
      lua.setField(state, -2, '__mode');
      api.lua_setmetatable(state, -2);
      api.lua_rawseti(state, registryIndex, place);
    }
    lua.pushGlobals(state);
    setFunctions(state, globals);
    lua.getField(state, -1, 'collectgarbage');
    api.lua_rawseti(state, registryIndex, collector);
    lua.getField(state, -1, 'string');
    lua.getField(state, -1, 'format');
    api.lua_rawseti(state, registryIndex, ownFormat);
    api.lua_settop(state, 0);
    if (lua.loadCompiled(files.prelude, '[kosmo]') !== LuaStatus.ok) return lua.raiseTop(state);
    api.lua_createtable(state, 0, 8);
    setFunctions(state, { ...host, format });
    api.lua_createtable(state, 0, 5);
    setFunctions(state, json);
    pusher.pushNull(state);
    lua.setField(state, -2, 'null');
    lua.setField(state, -2, 'json');
    api.lua_createtable(state, 0, 3);
    setFunctions(state, regex);
    lua.setField(state, -2, 'regex');
    api.lua_callk(state, 1, 0, 0, 0);
    return 0;
  };
  return () => lua.protect(setup);
}
