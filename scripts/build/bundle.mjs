import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { StepFailure } from '../prepare/run.mjs';
import { lateChildProcess } from './late-child-process.mjs';
import { writeLicences } from './licences.mjs';
import { runChunk } from './run-chunk.mjs';

/** The library: ES modules, from the source to a file of dist/ without its `.js`. */
const library = { index: 'src/index.ts', 'workos-local': 'src/workos-local/library.ts' };

/** The command line, in CommonJS: Node.js has it running ten milliseconds sooner than ES modules. */
const commandLine = { 'cli/main': 'scripts/build/command.mjs' };

/** The program of the Lua thread, for the same reason. */
const luaThread = { 'lua-worker': 'src/lua/worker-entry.ts' };

/** CommonJS as it lies in dist/. */
const commonJs = /** @type {const} */ ({
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name]-[hash].cjs',
  // V8 forgets, for a file it takes compiled, who resolves what the file imports by itself.
  dynamicImportInCjs: false,
});

/** Packages that stay outside: they bring a native library that cannot be part of a bundle. */
const external = ['libsql', '@napi-rs/keyring'];

/**
 * Bundles the product. Code that only some commands need lands in chunks of its own, so that a run loads only what
 * it uses.
 *
 * @param {string} root
 * @param {string} target the folder to write
 */
export async function bundleProduct(root, target) {
  const run = runChunk(root);
  const modules = [
    ...(await bundle(root, library, { dir: target })),
    ...(await bundle(
      root,
      commandLine,
      { ...commonJs, dir: target, codeSplitting: run.codeSplitting },
      { plugins: [lateChildProcess(), run.plugin], preserveEntrySignatures: 'allow-extension' },
    )),
    ...(await bundle(root, luaThread, { ...commonJs, dir: target })),
  ];
  // Their WebAssembly is copied, not bundled.
  const copied = ['wasmoon', '@stephen-riley/pcre2-wasm'].map((name) =>
    join(root, 'node_modules', name, 'index.js'),
  );
  writeLicences(target, [...modules, ...copied]);
  chmodSync(join(target, 'cli/main.cjs'), 0o755);
}

/**
 * Bundles one program of ours into one file.
 *
 * @param {string} root
 * @param {string} source
 * @param {string} target
 */
export async function bundleProgram(root, source, target) {
  await bundle(root, source, { file: target, codeSplitting: false });
}

/**
 * Bundles one script for browsers into one file.
 *
 * @param {string} root
 * @param {string} source
 * @param {string} target
 */
export async function bundleForBrowsers(root, source, target) {
  await bundle(root, source, { file: target, format: 'iife', codeSplitting: false }, { platform: 'browser' });
}

/**
 * @param {string} root
 * @param {string | Record<string, string>} input
 * @param {import('rolldown').OutputOptions} output
 * @param {import('rolldown').InputOptions} options
 * @returns {Promise<string[]>} the files that went into the bundle
 */
async function bundle(root, input, output, options = {}) {
  /** @type {string[]} */
  let modules = [];
  /** @type {string[]} */
  const warnings = [];
  try {
    const bundler = await rolldown({
      input,
      cwd: root,
      platform: 'node',
      external,
      // Its paths are for the types alone.
      tsconfig: false,
      // ES modules where a package has both: only they can be shaken of what is not used.
      resolve: { mainFields: ['module', 'main'] },
      onLog: (level, log) => {
        if (level === 'warn') warnings.push(log.message);
      },
      ...options,
    });
    const written = await bundler.write({
      format: 'esm',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      // Less to read and parse at every start.
      minify: true,
      ...output,
    });
    modules = written.output.flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []));
    await bundler.close();
  } catch (thrown) {
    throw new StepFailure(
      `The sources do not build.\n${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
  // A warning of the bundler (an import that cannot be found, most of all) is a fault that shows at run time.
  if (warnings.length > 0) throw new StepFailure(`The sources do not build.\n${warnings.join('\n')}`);
  return modules;
}
