import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure, run, StepFailure } from '../prepare/run.mjs';
import { bundleProgram } from './bundle.mjs';

/**
 * Puts the compiled integrations into the build, as `integrations/<name>/`. They are kept in the work folder and
 * compiled anew only when the compiler or what it reads has changed.
 *
 * @param {string} root
 * @param {string} work the folder for what outlives the build: the compiled integrations, and each document with
 *   its overlays applied
 * @param {string} target the build that is being made
 */
export async function compileIntegrations(root, work, target) {
  const compiler = join(work, 'compile.mjs');
  await bundleProgram(root, 'src/build/compile-integrations.ts', compiler);
  const compiled = join(work, 'integrations');
  const stamp = join(compiled, '.made-from');
  const fingerprint = fingerprintOf(root, compiler);
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== fingerprint) {
    rmSync(compiled, { recursive: true, force: true });
    await compile(root, compiler, compiled, work);
    writeFileSync(stamp, fingerprint);
  }
  cpSync(compiled, join(target, 'integrations'), { recursive: true, filter: (path) => path !== stamp });
}

/**
 * What decides the outcome: the compiler with all it bundles, our own files, and the documents' packages. Their
 * versions are in package-lock.json.
 *
 * @param {string} root
 * @param {string} compiler
 */
function fingerprintOf(root, compiler) {
  const hash = createHash('sha256');
  const folder = join(root, 'integrations');
  const ours = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of [compiler, ...ours, join(root, 'package-lock.json'), typesScript(root)]) {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} compiler
 * @param {string} compiled
 * @param {string} documents
 */
async function compile(root, compiler, compiled, documents) {
  try {
    await run(process.execPath, [compiler, root, compiled, documents], { cwd: root });
    // The types that the local server's handlers are written against, made from the document compiled just now.
    await run(process.execPath, [typesScript(root)], { cwd: root });
  } catch (thrown) {
    if (!(thrown instanceof CommandFailure)) throw thrown;
    throw new StepFailure(`The integrations do not compile (${thrown.reason}).${thrown.tail}`);
  }
}

/** @param {string} root */
function typesScript(root) {
  return join(root, 'scripts/generate-workos-types.mjs');
}
