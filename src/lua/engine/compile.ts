import { setFlagsFromString } from 'node:v8';

/**
 * How much a function may run before V8 compiles it anew with its optimizing compiler, in the background. What V8 11
 * (Node 20) has is so little that every run, however short, has Lua's interpreter loop compiled: 27 ms that the end of
 * the process must wait for. Later versions of V8 have about as much as is set here.
 */
const tieringBudgets = { early: 1_800_000, usual: 13_000_000, never: 0x7fff_ffff };

const own = process.versions.v8.startsWith('11.') ? tieringBudgets.early : tieringBudgets.usual;

/** Compiles Lua's engine. */
export function compileEngine(bytes: Uint8Array): WebAssembly.Module {
  return compiled(bytes, tieringBudgets.usual);
}

/**
 * Compiles the engine of regular expressions. Its functions are so large that V8 works on one for up to three seconds,
 * and a thread that is to end has to wait for that: it would outlive its limit by as much. They stay as they are.
 */
export function compileRegexEngine(bytes: Uint8Array): WebAssembly.Module {
  return compiled(bytes, tieringBudgets.never);
}

function compiled(bytes: Uint8Array, budget: number): WebAssembly.Module {
  if (budget === own) return new WebAssembly.Module(bytes);
  // A module takes its budget when it is made. The flag is put back at once, because V8 takes no cached code of its
  // own that was made under other flags.
  setFlagsFromString(`--wasm-tiering-budget=${budget}`);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    setFlagsFromString(`--wasm-tiering-budget=${own}`);
  }
}
