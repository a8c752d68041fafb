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

/** @returns {Promise<Finding[]>} */
export default async function bench() {
  const home = mkdtempSync(join(tmpdir(), 'kosmo-bench-'));
  const server = spawn('node', [join(import.meta.dirname, 'server.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = await once(server.stdout, 'data');
    const origin = `http://127.0.0.1:${String(port).trim()}`;
    const ours = [];
    const bare = [];
    for (let made = 0; made < processes; made += 1) {
      bare.push(await timesOf('bare.mjs', origin, home));
      ours.push(await timesOf('ours.mjs', origin, home));
    }
    return [
      finding('in a process that goes on (the last of eight rounds)', ours, bare, rounds - 1, 1.5),
      finding('in a new process (its first round)', ours, bare, 0, 1.5),
    ];
  } finally {
    server.kill();
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * @param {string} where
 * @param {readonly number[][]} ours
 * @param {readonly number[][]} bare
 * @param {number} round
 * @param {number} target
 * @returns {Finding}
 */
function finding(where, ours, bare, round, target) {
  const [our, their] = [ours, bare].map((runs) => median(runs.map((times) => times[round] ?? Number.NaN)));
  const detail = `${our?.toFixed(0)} ms, undici alone ${their?.toFixed(0)} ms`;
  return { what: `${calls} calls ${where}`, ratio: Number(our) / Number(their), target, detail };
}

/**
 * @param {string} script
 * @param {string} origin
 * @param {string} home
 * @returns {Promise<number[]>} milliseconds of each round
 */
async function timesOf(script, origin, home) {
  const command = /** @type {const} */ ([
    'node',
    join(import.meta.dirname, script),
    origin,
    String(calls),
    String(rounds),
  ]);
  return JSON.parse((await runCommand(command, cleanEnvironment(home))).stdout);
}
