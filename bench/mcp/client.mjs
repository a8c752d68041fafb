import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, runCommand } from '../harness/command.mjs';
import { median } from '../harness/median.mjs';

/** @import { Finding } from '../run.mjs' */

/** Many, because on which processors the system puts three busy threads makes a round a fifth slower or quicker. */
const processes = 9;
const rounds = 12;
/** The round that is judged; from the one after `settled` on V8 has compiled what runs. */
const judged = 6;
const settled = 8;
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
  const first = medians(made, (times) => times.slice(0, 1));
  const goesOn = medians(made, (times) => times.slice(judged - 1, judged));
  const later = medians(made, (times) => times.slice(settled));
  return [
    finding(`in a process that goes on (round ${judged})`, goesOn, 1.3),
    finding(`later in it (rounds ${settled + 1} to ${rounds})`, later, null),
    finding('in a new process, the start of its server included', first, null),
  ];
}

/**
 * @param {{ ours: number[][], bare: number[][] }} made
 * @param {(times: number[]) => number[]} some which of a process's rounds
 */
function medians({ ours, bare }, some) {
  return { our: median(ours.flatMap(some)), their: median(bare.flatMap(some)) };
}

/**
 * @param {string} where
 * @param {{ our: number, their: number }} medians
 * @param {number | null} target
 * @returns {Finding}
 */
function finding(where, { our, their }, target) {
  return {
    what: `${calls} calls of a tool from Lua, ${where}`,
    ratio: our / their,
    target,
    detail: `${our.toFixed(0)} ms, the protocol's client alone ${their.toFixed(0)} ms`,
  };
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
