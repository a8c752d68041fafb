import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, runCommand } from '../harness/command.mjs';
import { median } from '../harness/median.mjs';

/** @import { Finding } from '../run.mjs' */

const rounds = 9;
const calls = 1_000;
const program = `for _ = 1, ${calls} do app.integrations.workos.list_organizations{ limit = 10 } end`;

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
    for (let round = 0; round < rounds; round += 1) {
      bare.push(await bareRequests(origin, home));
      ours.push(await luaCalls(origin, home));
    }
    const [our, their] = [median(ours), median(bare)];
    const detail = `${our.toFixed(0)} ms, undici alone ${their.toFixed(0)} ms`;
    return [{ what: `${calls} calls in one program`, ratio: our / their, target: 1.5, detail }];
  } finally {
    server.kill();
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * @param {string} origin
 * @param {string} home
 * @returns {Promise<number>} milliseconds
 */
async function bareRequests(origin, home) {
  const command = /** @type {const} */ ([
    'node',
    join(import.meta.dirname, 'bare.mjs'),
    origin,
    String(calls),
  ]);
  const { stdout } = await runCommand(command, cleanEnvironment(home));
  return JSON.parse(stdout).milliseconds;
}

/**
 * @param {string} origin
 * @param {string} home
 * @returns {Promise<number>} milliseconds
 */
async function luaCalls(origin, home) {
  const { stdout } = await runCommand(
    ['node', 'dist/cli/main.cjs', 'integrations:lua', '--json', '--eval', program],
    { ...cleanEnvironment(home), WORKOS_BASE_URL: origin, WORKOS_API_KEY: 'sk_test_bench' },
  );
  const envelope = JSON.parse(stdout);
  if (envelope.integration_calls.length !== calls) {
    throw new Error(`The program made ${envelope.integration_calls.length} calls, not ${calls}.`);
  }
  return envelope.execution_time_ms;
}
