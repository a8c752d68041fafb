import type { Pointer } from '../engine/raw.ts';
import { UnreadableValue } from '../engine/read.ts';
import type { LuaThread } from './thread.ts';

/** `print`, `dump` and `tostring`, which write tables readably. */
export function printFunctions(thread: LuaThread) {
  const { lua, port, readable } = thread;
  const { api } = lua;
  return {
    print(state: Pointer): number {
      const count = api.lua_gettop(state);
      const shown: string[] = [];
      for (let index = 1; index <= count; index += 1) shown.push(readable.show(state, index));
      port.print(`${shown.join('\t')}\n`);
      return 0;
    },
    dump(state: Pointer): number {
      api.lua_settop(state, 1);
      thread.dumped = jsonOrBefore(thread, state);
      port.print(`${readable.dump(state, 1)}\n`);
      return 1;
    },
    tostring(state: Pointer): number {
      if (api.lua_gettop(state) === 0) lua.raise(state, "bad argument #1 to 'tostring' (value expected)");
      lua.pushText(state, readable.show(state, 1));
      return 1;
    },
  };
}

/** A dumped value may be anything; what is no JSON value cannot be the run's result. */
function jsonOrBefore(thread: LuaThread, state: Pointer) {
  try {
    return thread.reader.read(state, 1, '');
  } catch (error) {
    if (error instanceof UnreadableValue) return thread.dumped;
    throw error;
  }
}
