import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { compile, compiledSuffix, runModule } from '../../src/support/compiled-code.ts';

/** From how many bytes on it pays to keep the code of a file that the command has not loaded. */
const large = 16 * 1024;

// Runs a command of the built product and keeps, beside each file it has loaded, what V8 has compiled of it by the end:
// `node record-compiled-code.mjs main.cjs integrations:lua …`. Only then does it have the functions that were called.
const [, , main = '', ...args] = process.argv;
const require = createRequire(import.meta.url);
/** @type {Map<string, import('node:vm').Script>} */
const scripts = new Map();
require.extensions['.cjs'] = (/** @type {NodeJS.Module} */ module, /** @type {string} */ file) => {
  if (file === main) return require.extensions['.js'](module, file);
  const script = compile(file, null);
  scripts.set(file, script);
  runModule(module, file, script);
};
process.once('exit', () => {
  for (const file of largeChunks()) if (!scripts.has(file)) scripts.set(file, compileWhole(file));
  for (const [file, script] of scripts) writeFileSync(file + compiledSuffix, script.createCachedData());
});
process.argv = [process.execPath, main, ...args];
require(main);

/**
 * What the Lua thread calls cannot be seen from here, so that its program is kept with all functions; of the others,
 * those are kept that V8 compiles when it reads the file.
 *
 * @param {string} file
 */
function compileWhole(file) {
  if (!basename(file).startsWith('worker-program-')) return compile(file, null);
  // Put back before the code is kept, because V8 takes no code that was made under other flags.
  setFlagsFromString('--no-lazy');
  const script = compile(file, null);
  setFlagsFromString('--lazy');
  return script;
}

function largeChunks() {
  const folder = join(dirname(main), '../chunks');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cjs'))
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).size >= large);
}
