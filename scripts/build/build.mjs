import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { takeStamp, writeStamp } from '../prepare/freshness.mjs';
import { say } from '../prepare/report.mjs';
import { bundleProduct } from './bundle.mjs';
import { keepCompiledCode } from './compiled-code.mjs';
import { compileIntegrations } from './integrations.mjs';
import { prepareLua } from './lua-engine.mjs';
import { publish } from './publish.mjs';
import { buildSiteAssets } from './site.mjs';

/**
 * Builds dist/ from the sources. Everything is made beside it first; a build that fails leaves dist/ as it was.
 * The caller holds the lock.
 *
 * @param {string} root
 * @throws {import('../prepare/run.mjs').StepFailure} when the sources do not build
 */
export async function build(root) {
  const started = performance.now();
  const stamp = takeStamp(root);
  const staging = join(root, 'build', 'staging');
  rmSync(staging, { recursive: true, force: true });
  const parts = await Promise.allSettled([
    bundleProduct(root, staging),
    prepareLua(root, join(root, 'build'), staging),
    compileIntegrations(root, join(root, 'build'), staging),
    buildSiteAssets(root, staging),
  ]);
  // Both have ended here, so a failure leaves nothing behind that still writes.
  for (const part of parts) if (part.status === 'rejected') throw part.reason;
  await keepCompiledCode(root, staging);
  publish(staging, join(root, 'dist'));
  writeStamp(join(root, 'dist'), stamp);
  say(`Built kosmo in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}
