import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cleanEnvironment } from '../harness/command.mjs';
import { median } from '../harness/median.mjs';

/** @import { Finding } from '../run.mjs' */

const rounds = 15;
const warmRuns = 200;
const root = join(import.meta.dirname, '../..');
const servers = {
  gateway: [join(root, 'dist/cli/main.cjs'), 'mcp:serve', '--local'],
  bare: [join(import.meta.dirname, 'bare-server.mjs')],
};

/**
 * How soon the gateway is there, and how long a program takes that does nothing.
 *
 * @returns {Promise<Finding[]>}
 */
export async function serve() {
  const home = mkdtempSync(join(tmpdir(), 'kosmo-bench-'));
  const env = cleanEnvironment(home);
  try {
    /** @type {{ gateway: number[], bare: number[] }} */
    const times = { gateway: [], bare: [] };
    for (let round = 0; round <= rounds; round += 1) {
      for (const which of /** @type {const} */ (['bare', 'gateway'])) {
        const time = await ready(servers[which], env);
        if (round > 0) times[which].push(time);
      }
    }
    const [ours, bare] = [median(times.gateway), median(times.bare)];
    const warm = await warmExecute(env);
    return [
      {
        what: 'mcp:serve, from its start to its list of tools',
        ratio: ours / bare,
        target: 1.5,
        detail: `${ours.toFixed(0)} ms, a server made with the library alone ${bare.toFixed(0)} ms`,
      },
      {
        what: 'a warm execute_lua of return 1, in tens of milliseconds',
        ratio: warm / 10,
        target: 1,
        detail: `${warm.toFixed(1)} ms`,
      },
    ];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * Milliseconds from a server's start to its answer of what tools it has.
 *
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function ready(args, env) {
  const started = performance.now();
  const server = start(args, env);
  await server.ask('tools/list', {});
  const time = performance.now() - started;
  await server.end();
  return time;
}

/** @param {NodeJS.ProcessEnv} env */
async function warmExecute(env) {
  const server = start(servers.gateway, env);
  const params = { name: 'execute_lua', arguments: { code: 'return 1' } };
  for (let run = 0; run < 20; run += 1) await server.ask('tools/call', params);
  const times = [];
  for (let run = 0; run < warmRuns; run += 1) {
    const asked = performance.now();
    const { result } = await server.ask('tools/call', params);
    if (result?.structuredContent?.result !== 1) throw new Error('It did not return 1.');
    times.push(performance.now() - asked);
  }
  await server.end();
  return median(times);
}

/**
 * A server that speaks the newest revision on its stdin and stdout; nothing of a client's library is measured with it.
 *
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function start(args, env) {
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let id = 0;
  return {
    /**
     * @param {string} method
     * @param {object} params
     */
    async ask(method, params) {
      id += 1;
      const _meta = {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      };
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta } })}\n`);
      const { value } = await lines.next();
      return JSON.parse(String(value));
    },
    async end() {
      child.stdin.end();
      await ended;
    },
  };
}
