import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { say } from '../prepare/report.mjs';
import { CommandFailure, run } from '../prepare/run.mjs';
import { bundleProgram } from './bundle.mjs';

/** A program that does what programs do: it makes a call, and shows what came of it. */
const program = 'dump(app.integrations.workos.list_organizations{ limit = 1 })';

/**
 * Has a program run once with the built product, so that what V8 compiled for it stands beside the product's files.
 * Without that kosmo does the same, but takes longer to start.
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
    // On a machine that SQLite has no binary for, the rest of kosmo works.
    say(
      `A program does not run with the local server here (${error.reason}), so every start takes longer.${error.tail}`,
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
