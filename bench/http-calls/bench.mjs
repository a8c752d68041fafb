import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, runCommand } from '../harness/command.mjs';
import { median } from '../harness/median.mjs';

/** @import { Finding } from '../run.mjs' */

const processes = 5;
const rounds = 8;
const calls = 1_000;
const atOnce = 16;
const many = 100_000;

/** @returns {Promise<Finding[]>} */
export default async function bench() {
  const home = mkdtempSync(join(tmpdir(), 'kosmo-bench-'));
  const server = spawn('node', [join(import.meta.dirname, 'server.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = await once(server.stdout, 'data');
    const origin = `http://127.0.0.1:${String(port).trim()}`;
    const [one, several] = [await pairs(origin, home, 1), await pairs(origin, home, atOnce)];
    const after = 'in a process that goes on (the last of eight rounds)';
    return [
      finding(`one after another, ${after}`, one, rounds - 1, 1.3),
      finding('one after another, in a new process (its first round)', one, 0, 1.5),
      finding(`${atOnce} at a time, ${after}`, several, rounds - 1, 1.5),
      finding(`${atOnce} at a time, in a new process (its first round)`, several, 0, 1.5),
      await memory(origin, home),
    ];
  } finally {
    server.kill();
    rmSync(home, { recursive: true, force: true });
  }
}

/** @typedef {{ ours: number[][], bare: number[][] }} Pairs each process's rounds, in milliseconds */

/**
 * @param {string} origin
 * @param {string} home
 * @param {number} limit how many calls are under way at a time
 * @returns {Promise<Pairs>}
 */
async function pairs(origin, home, limit) {
  /** @type {Pairs} */
  const made = { ours: [], bare: [] };
  for (let count = 0; count < processes; count += 1) {
    made.bare.push(await printed('bare.mjs', home, origin, calls, rounds, limit));
    made.ours.push(await printed('ours.mjs', home, origin, calls, rounds, limit));
  }
  return made;
}

/**
 * @param {string} where
 * @param {Pairs} times
 * @param {number} round
 * @param {number} target
 * @returns {Finding}
 */
function finding(where, { ours, bare }, round, target) {
  const [our, their] = [ours, bare].map((runs) => median(runs.map((times) => times[round] ?? Number.NaN)));
  const detail = `${our?.toFixed(0)} ms, undici alone ${their?.toFixed(0)} ms`;
  return { what: `${calls} calls ${where}`, ratio: Number(our) / Number(their), target, detail };
}

/**
 * @param {string} origin
 * @param {string} home
 * @returns {Promise<Finding>}
 */
async function memory(origin, home) {
  const [early = Number.NaN, late = Number.NaN] = await printed('memory.mjs', home, origin, many);
  const [first, last] = [early, late].map((bytes) => `${Math.round(bytes / 1024 / 1024)} MB`);
  const detail = `${last}, after ${many / 5} calls ${first}`;
  return { what: `resident memory after ${many} calls`, ratio: late / early, target: 1.15, detail };
}

/**
 * @param {string} script
 * @param {string} home
 * @param {(string | number)[]} args
 * @returns {Promise<number[]>} what it printed
 */
async function printed(script, home, ...args) {
  const given = args.map(String);
  const { stdout } = await runCommand(
    ['node', join(import.meta.dirname, script), ...given],
    cleanEnvironment(home),
  );
  return JSON.parse(stdout);
}
