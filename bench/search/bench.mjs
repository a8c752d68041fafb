import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from '../../scripts/build/bundle.mjs';
import { cleanEnvironment, runCommand } from '../harness/command.mjs';

/** @import { Finding } from '../run.mjs' */

const root = join(import.meta.dirname, '../..');
/** The median that a question may take, in milliseconds. */
const target = 5;

/** @returns {Promise<Finding[]>} */
export default async function bench() {
  const folder = mkdtempSync(join(tmpdir(), 'kosmo-bench-'));
  try {
    // The same sources as the product's, with a door for integrations that nobody has installed.
    const program = join(folder, 'questions.mjs');
    await bundleProgram(root, 'bench/search/questions.ts', program);
    const { stdout } = await runCommand(['node', program, root], cleanEnvironment(folder));
    /** @type {{ count: number, ours: number, plain: number }[]} */
    const results = JSON.parse(stdout);
    return results.map(({ count, ours, plain }) => ({
      what: `one question to ${count} functions`,
      ratio: ours / plain,
      target: null,
      detail: `p50 ${ours.toFixed(2)} ms (${ours < target ? `under ${target}` : `NOT under ${target}`}), going through the texts ${plain.toFixed(2)} ms`,
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
