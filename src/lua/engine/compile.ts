/**
 * How much a function may run before V8 compiles it anew with its optimizing compiler, in the background. What V8 11
 * (Node 20) has is so little that every run, however short, has Lua's interpreter loop compiled: 27 ms that the end of
 * the process must wait for. Later versions of V8 have about as much as is set here.
 */
const tieringBudgets = { early: 1_800_000, usual: 13_000_000 };

const isEarly = process.versions.v8.startsWith('11.');
const own = isEarly ? tieringBudgets.early : tieringBudgets.usual;

/** Compiles Lua's engine. */
export function compileEngine(bytes: Uint8Array): WebAssembly.Module {
  if (own === tieringBudgets.usual) return new WebAssembly.Module(bytes);
  const budget = '--wasm-tiering-budget=';
  return compiled(bytes, [[`${budget}${tieringBudgets.usual}`, `${budget}${own}`]]);
}

/**
 * Compiles the engine of regular expressions, for good: never anew. Its functions are so large that V8 works on one for
 * up to three seconds and needs hundreds of megabytes for it, and a thread that is to end has to wait for that: it
 * would outlive its limits by as much.
 */
export function compileRegexEngine(bytes: Uint8Array): WebAssembly.Module {
  const flags = isEarly ? ['liftoff-only'] : [...laterFlags, 'liftoff-only'];
  return compiled(bytes, flags.map(switched));
}

/**
 * What the first flag stands for when a process is started with it, and must be said beside it when one is running; and
 * that all functions are compiled at once, because each looks at the flags when it is compiled. V8 11 looks when the
 * module is made, and begins to compile anew if it is told more.
 */
const laterFlags = ['no-wasm-tier-up', 'no-wasm-dynamic-tiering', 'no-wasm-lazy-compilation'];

/** A flag of V8 as it is set, and as it is set back. */
type Flag = readonly [on: string, off: string];

function switched(name: string): Flag {
  return [`--${name}`, name.startsWith('no-') ? `--${name.slice(3)}` : `--no-${name}`];
}

function compiled(bytes: Uint8Array, flags: readonly Flag[]): WebAssembly.Module {
  // Loaded here, because a thread that compiles nothing has no use for it.
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  // A module takes them when it is made. They are put back at once, because V8 takes no cached code of its own that
  // was made under other flags.
  for (const [on] of flags) setFlagsFromString(on);
  try {
    return new WebAssembly.Module(bytes);
  } finally {
    for (const [, off] of flags) setFlagsFromString(off);
  }
}
