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
      for (let index = 1; index <= count; index += 1) {
        const text = readable.show(state, index);
        thread.buffers.hold(text.length);
        shown.push(text);
      }
      port.print(`${shown.join('\t')}\n`);
      return 0;
    },
    dump(state: Pointer): number {
      api.lua_settop(state, 1);
      keepDumped(thread, state);
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
function keepDumped(thread: LuaThread, state: Pointer): void {
  const { buffers } = thread;
  const before = buffers.held;
  try {
    const value = thread.reader.read(state, 1, '');
    const size = buffers.held - before;
    buffers.giveBack(thread.dumped?.size ?? 0);
    thread.dumped = { value, size };
    buffers.keep(size);
    buffers.releaseTo(before);
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
  }
}
