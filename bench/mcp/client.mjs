import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, runCommand } from '../harness/command.mjs';
import { median } from '../harness/median.mjs';

/** @import { Finding } from '../run.mjs' */

const processes = 3;
const rounds = 6;
const calls = 1_000;

/**
 * What calling a tool from Lua costs.
 *
 * @returns {Promise<Finding[]>}
 */
export async function callsFromLua() {
  const home = mkdtempSync(join(tmpdir(), 'kosmo-bench-'));
  /** @type {{ ours: number[][], bare: number[][] }} */
  const made = { ours: [], bare: [] };
  try {
    for (let count = 0; count < processes; count += 1) {
      made.bare.push(await times('bare.mjs', home));
      made.ours.push(await times('ours.mjs', home));
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  const [our = Number.NaN, their = Number.NaN] = [made.ours, made.bare].map((runs) =>
    median(runs.map((run) => run[rounds - 1] ?? Number.NaN)),
  );
  return [
    {
      what: `${calls} calls of a tool from Lua, in a process that goes on (the last of ${rounds} rounds)`,
      ratio: our / their,
      target: 1.3,
      detail: `${our.toFixed(0)} ms, the protocol's client alone ${their.toFixed(0)} ms`,
    },
  ];
}

/**
 * @param {string} script
 * @param {string} home
 * @returns {Promise<number[]>}
 */
async function times(script, home) {
  const command = /** @type {const} */ (['node', join(import.meta.dirname, script)]);
  const { stdout } = await runCommand([...command, String(calls), String(rounds)], cleanEnvironment(home));
  return JSON.parse(stdout);
}
