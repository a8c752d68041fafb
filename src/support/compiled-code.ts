import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { Script } from 'node:vm';

/** What stands behind the name of a chunk in the name of the file with its compiled code. */
export const compiledSuffix = '.compiled';

/**
 * Has CommonJS files of a folder loaded with the code that V8 made of them when kosmo was built, where there is any: to
 * compile what a command loads takes a good part of its time. V8 itself refuses code of another version or other flags,
 * and compiles the source then.
 *
 * @param folder files elsewhere are loaded as ever
 */
export function loadCompiledCode(folder: string): void {
  const { extensions } = createRequire(import.meta.filename);
  // Whoever has a say in how these files are loaded, such as a tool that measures what is executed, has it first.
  if (extensions['.cjs'] !== undefined) return;
  const inside = folder + sep;
  extensions['.cjs'] = (module, file) => {
    const compiled = file.startsWith(inside) ? read(file + compiledSuffix) : null;
    if (compiled === null) extensions['.js'](module, file);
    else runModule(module, file, compile(file, compiled));
  };
}

/**
 * Compiles a CommonJS file as Node.js does, but that `import()` fails in it: what is loaded late is required.
 * @param compiled its compiled code; null when there is none
 */
export function compile(file: string, compiled: Buffer | null): Script {
  const source = readFileSync(file, 'utf8');
  return new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(compiled === null ? {} : { cachedData: compiled }),
  });
}

/** Runs a file that `compile` has compiled, as the module it is. */
export function runModule(module: NodeJS.Module, file: string, script: Script): void {
  const run: (...args: unknown[]) => void = script.runInThisContext();
  const require = (name: string): unknown => module.require(name);
  run.call(module.exports, module.exports, require, module, file, dirname(file));
}

function read(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch {
    return null;
  }
}
