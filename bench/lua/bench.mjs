import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, runCommand } from '../harness/command.mjs';
import { median } from '../harness/median.mjs';
import { programs } from './programs.mjs';

/** @import { Finding } from '../run.mjs' */
/** @typedef {{ times: Record<string, number[]> } & Record<string, number>} Run */

const processes = 3;

/** @returns {Promise<Finding[]>} */
export default async function bench() {
  const home = mkdtempSync(join(tmpdir(), 'kosmo-bench-'));
  const server = spawn('node', [join(import.meta.dirname, 'slow-server.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [port] = await once(server.stdout, 'data');
    const origin = `http://127.0.0.1:${String(port).trim()}`;
    const hasNative = spawnSync('lua5.4', ['-v']).status === 0;
    /** @param {string} script */
    const run = async (script) =>
      JSON.parse(
        (await runCommand(['node', join(import.meta.dirname, script), origin], cleanEnvironment(home)))
          .stdout,
      );
    /** @type {Run[]} */
    const bare = [];
    /** @type {Run[]} */
    const ours = [];
    /** @type {Record<string, number[]>[]} */
    const native = [];
    /** @type {Run[]} */
    const trips = [];
    for (let made = 0; made < processes; made += 1) {
      bare.push(await run('bare.mjs'));
      ours.push(await run('ours.mjs'));
      trips.push(await run('round-trip.mjs'));
      if (hasNative) native.push(await run('native.mjs'));
    }
    const figure = (/** @type {readonly Run[]} */ runs, /** @type {string} */ name) =>
      median(runs.map((of) => of[name] ?? Number.NaN));
    const call = figure(ours, 'calls');
    const trip = figure(trips, 'microseconds');
    const values = figure(ours, 'values');
    const bridge = figure(bare, 'microseconds');
    const together = figure(ours, 'together');
    const inARow = figure(ours, 'inARow');
    return [
      ...Object.keys(programs).flatMap((name) =>
        compute(
          name,
          ours.map(({ times }) => times),
          bare.map(({ times }) => times),
          native,
        ),
      ),
      {
        what: '10 KB of JSON read and made Lua tables, in shares of 200 µs',
        ratio: values / 200,
        target: 1,
        detail: `${values.toFixed(0)} µs; by the package's value bridge ${bridge.toFixed(0)} µs`,
      },
      {
        what: 'a call that blocks, on top of the work, in shares of 40 µs',
        ratio: call / 40,
        target: 1,
        detail: `${call.toFixed(1)} µs; a message and a sleep alone ${trip.toFixed(1)} µs`,
      },
      {
        what: '20 calls of 50 ms in parallel, in shares of one of them',
        ratio: together / 50,
        target: 1.5,
        detail: `${together.toFixed(0)} ms; one after another ${inARow.toFixed(0)} ms`,
      },
    ];
  } finally {
    server.kill();
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * @param {string} name
 * @param {readonly Record<string, number[]>[]} ours
 * @param {readonly Record<string, number[]>[]} bare
 * @param {readonly Record<string, number[]>[]} native
 * @returns {Finding[]}
 */
function compute(name, ours, bare, native) {
  const [our = 0, their = 0, own = 0] = [ours, bare, native].map((runs) =>
    Math.min(...runs.flatMap((times) => times[name] ?? [])),
  );
  const beside = native.length === 0 ? '' : `; lua5.4 ${own.toFixed(1)} ms, ${(our / own).toFixed(1)} x`;
  return [
    {
      what: name,
      ratio: our / their,
      target: 1.1,
      detail: `${our.toFixed(1)} ms, wasmoon alone ${their.toFixed(1)} ms${beside}`,
    },
  ];
}
