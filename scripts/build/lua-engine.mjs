import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure, run, StepFailure } from '../prepare/run.mjs';
import { bundleProgram } from './bundle.mjs';
import { copyRegexEngine } from './regex-engine.mjs';

/**
 * How deep a program may recurse, in slots of Lua's stack: `LUAI_MAXSTACK`, which is fixed when Lua is compiled.
 *
 * As it comes, a runaway recursion needs more memory than a program has by default before it meets this limit, so
 * that it would end the run where it should be an error the program can catch. With 400,000 slots it needs 15 MB.
 */
const own = 1_000_000;
const ours = 400_000;

/** The numbers that come of the limit, and how often the code has them: a module of another make is refused. */
const constants = [
  { from: own, to: ours, times: 6 },
  { from: own - 1, to: ours - 1, times: 2 },
  // In bytes, sixteen a slot: a stack beyond it is one that overflows while an overflow is handled.
  { from: own * 16 + 1, to: ours * 16 + 1, times: 1 },
  // The room for handling the overflow itself.
  { from: own + 200, to: ours + 200, times: 1 },
  // A third: a stack that uses less of itself is given back.
  { from: Math.floor(own / 3) - 1, to: Math.floor(ours / 3) - 1, times: 1 },
];

/**
 * Puts what the Lua thread loads into a build: Lua, its prelude, and regular expressions.
 *
 * @param {string} root
 * @param {string} work the folder for what outlives the build
 * @param {string} target the build that is being made
 */
export async function prepareLua(root, work, target) {
  const packages = join(root, 'node_modules');
  const engine = join(target, 'glue.wasm');
  mkdirSync(target, { recursive: true });
  copyLuaEngine(join(packages, 'wasmoon/dist/glue.wasm'), engine);
  copyRegexEngine(join(packages, '@stephen-riley/pcre2-wasm/dist/libpcre2.wasm'), join(target, 'pcre2.wasm'));
  const compiler = join(work, 'precompile.mjs');
  await bundleProgram(root, 'src/lua/precompile.ts', compiler);
  try {
    await run(process.execPath, [compiler, engine, join(target, 'prelude.luac')], { cwd: root });
  } catch (thrown) {
    if (!(thrown instanceof CommandFailure)) throw thrown;
    throw new StepFailure(`The Lua prelude does not compile (${thrown.reason}).${thrown.tail}`);
  }
}

/**
 * Copies the compiled Lua with our limit of its stack.
 *
 * @param {string} source
 * @param {string} target
 * @throws {StepFailure} when the module is not the one this was made for
 */
function copyLuaEngine(source, target) {
  const module = readFileSync(source);
  for (const { from, to, times } of constants) {
    const [old, fresh] = [loadConstant(from), loadConstant(to)];
    let found = 0;
    for (let at = module.indexOf(old); at >= 0; at = module.indexOf(old, at + 1)) {
      fresh.copy(module, at);
      found += 1;
    }
    if (found !== times || old.length !== fresh.length) {
      throw new StepFailure(`${source} is not the Lua this build knows: ${from} is in it ${found} times.`);
    }
  }
  writeFileSync(target, module);
}

/**
 * The instruction `i32.const`. WebAssembly core specification, sections 5.2.2 and 5.4.
 *
 * @param {number} value
 */
function loadConstant(value) {
  const bytes = [0x41];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const last = rest === 0 && (low & 0x40) === 0;
    bytes.push(last ? low : low | 0x80);
    if (last) return Buffer.from(bytes);
  }
}
