import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { dependenciesAreCurrent, installDependencies } from './dependencies.mjs';
import { buildIsCurrent } from './freshness.mjs';
import { withLock } from './lock.mjs';
import { root } from './paths.mjs';
import { say } from './report.mjs';

/**
 * Installs the dependencies and builds, each only when needed; with `rebuild`, builds in any case.
 * Two at once take turns, and the second then finds nothing left to do.
 *
 * @param {{ rebuild?: boolean, install?: boolean }} [options] `install: false` for a caller that itself runs from
 *   node_modules and so must not have it replaced
 * @throws {import('./run.mjs').StepFailure} when a step fails
 */
export async function prepare({ rebuild = false, install = true } = {}) {
  const installed = () => !install || dependenciesAreCurrent(root);
  if (!rebuild && installed() && buildIsCurrent(root)) return;
  mkdirSync(join(root, 'build'), { recursive: true });
  const onWait = (/** @type {number} */ holder) =>
    say(`Waiting for another kosmo that is installing or building (process ${holder})…`);
  await withLock(join(root, 'build', 'prepare.lock'), { onWait }, async () => {
    if (!installed()) await installDependencies(root);
    if (!rebuild && buildIsCurrent(root)) return;
    // Only now: the build imports packages that the line above may have installed.
    const { build } = await import('../build/build.mjs');
    await build(root);
  });
}
