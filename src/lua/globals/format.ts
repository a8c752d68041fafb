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
    for (let index = 2; index <= count; index += 1) {
      if (!isShown(api.lua_type(state, index))) continue;
      lua.pushText(state, readable.show(state, index));
      api.lua_copy(state, -1, index);
      api.lua_settop(state, count);
    }
    api.lua_rawgeti(state, registryIndex, ownFormat);
    api.lua_rotate(state, 1, 1);
    if (api.lua_pcallk(state, count, 1, 0, 0, 0) === LuaStatus.ok) return 1;
    if (api.lua_type(state, -1) !== LuaType.string) return lua.raiseTop(state);
    // Lua's own function does not know here what it is called, nor where.
    const message = lua.stringAt(state, -1);
    return lua.raiseAt(state, message.replace(/^(bad argument #\d+ to )'\?'/, "$1'format'"));
  };
}

/** Whether values of a type have no text of Lua's own but an address. */
function isShown(type: number): boolean {
  return type > LuaType.string || type === LuaType.lightUserdata;
}
