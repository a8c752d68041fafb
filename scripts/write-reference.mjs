/** Writes docs/cli.md and docs/errors.md from the commands' definitions and the catalogue of errors. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundleProgram } from './build/bundle.mjs';

const root = join(import.meta.dirname, '..');
// Beside the build, so that what stays outside of the bundle is found in node_modules.
const program = join(root, 'build/reference.mjs');
try {
  await bundleProgram(root, 'scripts/reference/write.ts', program);
  const { status } = spawnSync(process.execPath, [program, join(root, 'docs')], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(program, { force: true });
}
