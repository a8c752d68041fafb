import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment } from '../harness/command.mjs';

/**
 * A server that is up.
 *
 * @typedef {{
 *   url: string,
 *   keys: readonly string[],
 *   started: number,
 *   memory: () => number,
 *   stop: () => Promise<void>,
 * }} Server
 * `started` is the time to the first answer in milliseconds; `memory` is in MB.
 */

const version = '0.14.0';

/**
 * @param {string} home
 * @param {string} database
 * @returns {Promise<Server>}
 */
export function startOurs(home, database) {
  return start({
    command: [
      join(import.meta.dirname, '../../dist/cli/main.cjs'),
      'local:start',
      '--port',
      '0',
      '--json',
      '--db',
      database,
    ],
    env: cleanEnvironment(home),
    keys: ['sk_test_localhost'],
    urlOf: (text) => JSON.parse(text).url,
  });
}

/**
 * @param {string} home
 * @param {number} port
 * @param {number} organizations how many to begin with
 * @returns {Promise<Server>}
 */
export function startEmulator(home, port, organizations) {
  const keys = Array.from({ length: 1000 }, (_, at) => `sk_test_bench_${at}`);
  const seed = join(home, `seed-${organizations}.json`);
  writeFileSync(
    seed,
    JSON.stringify({
      apiKeys: Object.fromEntries(keys.map((key) => [key, { environment: 'test' }])),
      organizations: Array.from({ length: organizations }, (_, at) => ({ name: `Organization ${at}` })),
    }),
  );
  return start({
    command: [
      join(emulator(), 'node_modules/workos/dist/bin.js'),
      'emulate',
      '--port',
      String(port),
      '--seed',
      seed,
    ],
    env: cleanEnvironment(home),
    keys,
    urlOf: () => `http://localhost:${port}`,
  });
}

/** The folder the emulator is installed in; it is installed when it is not. */
function emulator() {
  const given = process.env['KOSMO_BENCH_EMULATOR'];
  if (given !== undefined) return given;
  const folder = join(tmpdir(), `kosmo-bench-workos-${version}`);
  if (!existsSync(join(folder, 'node_modules/workos'))) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const options = { cwd: folder, stdio: /** @type {const} */ ('inherit') };
    const done = spawnSync('npm', ['install', '--no-audit', '--no-fund', `workos@${version}`], options);
    if (done.status !== 0) throw new Error('The emulator could not be installed.');
  }
  return folder;
}

/**
 * @param {{
 *   command: readonly string[],
 *   env: NodeJS.ProcessEnv,
 *   keys: readonly string[],
 *   urlOf: (text: string) => string,
 * }} options
 * @returns {Promise<Server>}
 */
async function start({ command, env, keys, urlOf }) {
  const began = performance.now();
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [text] = await once(child.stdout.setEncoding('utf8'), 'data');
  child.stdout.resume();
  const url = urlOf(text);
  const headers = { authorization: `Bearer ${keys[0]}` };
  for (;;) {
    const answer = await fetch(`${url}/organizations`, { headers }).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.status === 200) break;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const started = performance.now() - began;
  return {
    url,
    keys,
    started,
    memory() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    },
    async stop() {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
