import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandFailure, run, StepFailure } from '../prepare/run.mjs';
import { bundleProgram } from './bundle.mjs';

/** A program that does what programs do: it makes a call, and shows what came of it. */
const program = 'dump(app.integrations.workos.list_organizations{ limit = 1 })';

/**
 * Has a program run once with the built product, so that what V8 compiled for it stands beside the product's files.
 *
 * @param {string} root
 * @param {string} built the product's folder
 */
export async function keepCompiledCode(root, built) {
  const recorder = join(root, 'build', 'record-compiled-code.mjs');
  await bundleProgram(root, 'scripts/build/record-compiled-code.mjs', recorder);
  const home = mkdtempSync(join(tmpdir(), 'kosmo-build-'));
  const command = ['integrations:lua', '--local', '--json', '--eval', program];
  try {
    await run(process.execPath, [recorder, join(built, 'cli/main.cjs'), ...command], {
      cwd: home,
      env: { ...process.env, KOSMO_HOME: home },
    });
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    throw new StepFailure(`What was built does not run (${error.reason}).${error.tail}`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
