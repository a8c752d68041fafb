import { LuaStatus, LuaType, registryIndex } from '../engine/raw.ts';
import type { LuaFunction } from '../engine/state.ts';
import type { LuaThread } from './thread.ts';

/** Where the registry has the `string.format` of Lua's own library. */
export const ownFormat = 1_010n;

/** `string.format`: as Lua's own, but that `%s` of a table shows what is in it, and of nothing an address. */
export function formatFunction({ lua, readable }: LuaThread): LuaFunction {
  const { api } = lua;
  return (state) => {
    const count = api.lua_gettop(state);
    let shown: readonly boolean[] | null = null;
    for (let index = 2; index <= count; index += 1) {
      if (!hasAddress(api.lua_type(state, index)) || api.lua_type(state, 1) !== LuaType.string) continue;
      shown ??= shownArguments(lua.stringAt(state, 1));
      if (shown[index - 2] !== true) continue;
      lua.pushText(state, readable.show(state, index));
      api.lua_copy(state, -1, index);
      api.lua_settop(state, count);
    }
    api.lua_rawgeti(state, registryIndex, ownFormat);
    api.lua_rotate(state, 1, 1);
    if (api.lua_pcallk(state, count, 1, 0, 0, 0) === LuaStatus.ok) return 1;
    if (api.lua_type(state, -1) !== LuaType.string) return lua.raiseTop(state);
    // Lua's own function does not know here what it is called, how, and where.
    const isMethod = lua.isMethodCall(state);
    const message = lua.stringAt(state, -1).replace(/^bad argument #(\d+) to '\?'/, (_, number: string) => {
      const argument = Number(number) - (isMethod ? 1 : 0);
      return argument === 0 ? "calling 'format' on bad self" : `bad argument #${argument} to 'format'`;
    });
    return lua.raiseAt(state, message);
  };
}

/** Which arguments of a format are shown with `%s`. */
function shownArguments(format: string): boolean[] {
  const conversions = [...format.matchAll(/%[-+ #0]*\d*(?:\.\d*)?(.)/gs)].map(([, letter]) => letter);
  return conversions.filter((letter) => letter !== '%').map((letter) => letter === 's');
}

/** Whether values of a type have no text of Lua's own but an address. */
function hasAddress(type: number): boolean {
  return type > LuaType.string || type === LuaType.lightUserdata;
}
