import { readFileSync, writeFileSync } from 'node:fs';
import { createAllocator, resetCounters } from './engine/allocator.ts';
import { Buffers } from './engine/buffers.ts';
import { createEngine, LuaStatus } from './engine/raw.ts';
import { createCounterMemory } from './engine/shared-memory.ts';
import { LuaState } from './engine/state.ts';
import { prelude } from './globals/prelude.ts';

// Run when kosmo is built: compiles the prelude with the very engine that will load it. A short program then needs
// little of Lua's parser, which V8 would otherwise make ready for the prelude in every run.
const [glue = '', target = ''] = process.argv.slice(2);
const engine = createEngine(new WebAssembly.Module(readFileSync(glue)));
const { api } = engine;
const counters = createCounterMemory();
resetCounters(counters, 16 * 1024 * 1024);
const lua = new LuaState(engine, new Buffers(counters));
lua.open(engine.addFunction(createAllocator(counters, api.realloc, api.free)));
const fault = lua.protect((state) => {
  api.luaL_openlibs(state);
  lua.pushGlobals(state);
  lua.getField(state, -1, 'string');
  lua.getField(state, -1, 'dump');
  if (lua.load(prelude, '[kosmo]') !== LuaStatus.ok) return lua.raiseTop(state);
  // Without what only a debugger needs: an error of the prelude names the program's line, never one of its own.
  api.lua_pushboolean(state, 1);
  api.lua_callk(state, 2, 1, 0, 0);
  writeFileSync(target, lua.bytesAt(state, -1));
  return 0;
});
lua.close();
if (fault !== null) throw new Error(`The prelude does not compile: ${fault}`);
