import { setFlagsFromString } from 'node:v8';

/**
 * How much a function may run before V8 compiles it anew with its optimizing compiler. What V8 11 (Node 20) has is so
 * little that every run, however short, has Lua's interpreter loop compiled: 27 ms in the background that the end of
 * the process must wait for. Later versions of V8 have about as much as is set here.
 */
const tieringBudget = { v8Major: 11, own: 1_800_000, ours: 13_000_000 };

/** Compiles the engine. */
export function compileEngine(bytes: Uint8Array): WebAssembly.Module {
  if (!process.versions.v8.startsWith(`${tieringBudget.v8Major}.`)) return new WebAssembly.Module(bytes);
  // A module takes its budget when it is made. The flag is put back at once, because V8 takes no cached code of its
  // own that was made under other flags.
  setFlagsFromString(`--wasm-tiering-budget=${tieringBudget.ours}`);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    setFlagsFromString(`--wasm-tiering-budget=${tieringBudget.own}`);
  }
}
