/**
 * One C function through which Lua calls every function of ours: making a C function of a JavaScript one takes a
 * WebAssembly module, so there is one for all of them, and which is meant stands in the closure.
 */
export function createDispatcher(dispatch: (state: number) => number): unknown {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { k: { dispatch } });
  return instance.exports['dispatch'];
}

/** A C function for `lua_sethook`: called with the state and with what happened. */
export function createHook(hook: (state: number) => void): unknown {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(hookBytes), { k: { hook } });
  return instance.exports['hook'];
}

// (module (import "k" "hook" (func (param i32 i32))) (export "hook" (func 0)))
// biome-ignore format: one line a section
const hookBytes = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 6, 1, 0x60, 2, 0x7f, 0x7f, 0,
  2, 10, 1, 1, ...Buffer.from('k'), 4, ...Buffer.from('hook'), 0, 0,
  7, 8, 1, 4, ...Buffer.from('hook'), 0, 0,
]);

// (module (import "k" "dispatch" (func (param i32) (result i32))) (export "dispatch" (func 0)))
// biome-ignore format: one line a section
const bytes = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f,
  2, 14, 1, 1, ...Buffer.from('k'), 8, ...Buffer.from('dispatch'), 0, 0,
  7, 12, 1, 8, ...Buffer.from('dispatch'), 0, 0,
]);
