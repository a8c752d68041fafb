import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, runCommand } from '../harness/command.mjs';
import { median } from '../harness/median.mjs';

/** @import { Finding } from '../run.mjs' */
/** @typedef {readonly [string, ...string[]]} Command */

const rounds = 40;
const nothing = ['integrations:lua', '--eval', 'return 1', '--json'];
const oneCall = [
  'integrations:lua',
  '--local',
  '--json',
  '--eval',
  'return app.integrations.workos.list_organizations{limit=1}',
];

/** @type {Command} */
const bareNode = ['node', '-e', '0'];
/** What a thread costs by itself: the floor of a program that runs in one. */
const emptyThread = "new (require('worker_threads').Worker)('', { eval: true })";
/** @type {readonly { what: string, command: Command, target: number | null }[]} */
const runs = [
  { what: 'a program that calls nothing', command: ['./kosmo', ...nothing], target: 2 },
  { what: 'the same without the launcher', command: ['node', 'dist/cli/main.cjs', ...nothing], target: null },
  { what: 'one call to the local server', command: ['./kosmo', ...oneCall], target: 3 },
  { what: 'the same without the launcher', command: ['node', 'dist/cli/main.cjs', ...oneCall], target: null },
  { what: 'for comparison, node with an empty thread', command: ['node', '-e', emptyThread], target: null },
];

/** @returns {Promise<Finding[]>} */
export default async function bench() {
  const home = mkdtempSync(join(tmpdir(), 'kosmo-bench-'));
  const env = cleanEnvironment(home);
  try {
    const [bare = Number.NaN, ...times] = await medians(
      [bareNode, ...runs.map(({ command }) => command)],
      env,
    );
    const findings = runs.map(({ what, target }, index) => {
      const time = times[index] ?? Number.NaN;
      return {
        what,
        ratio: time / bare,
        target,
        detail: `${time.toFixed(1)} ms, node -e 0 ${bare.toFixed(1)} ms`,
      };
    });
    return [...findings, await memory(env)];
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/**
 * The median time of each command, in milliseconds. The commands take turns, so that whatever slows the machine for
 * a while slows all of them; a first round that is not counted fills caches and makes the local server's database.
 *
 * @param {readonly Command[]} commands
 * @param {NodeJS.ProcessEnv} env
 */
async function medians(commands, env) {
  /** @type {number[][]} */
  const times = commands.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, command] of commands.entries()) {
      const { milliseconds } = await runCommand(command, env);
      if (round > 0) times[index]?.push(milliseconds);
    }
  }
  return times.map(median);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Finding>}
 */
async function memory(env) {
  const run = await peakMemory(['dist/cli/main.cjs', ...oneCall], env);
  const bare = await peakMemory(['-e', '0'], env);
  const detail = `${run.toFixed(0)} MiB, node -e 0 ${bare.toFixed(0)} MiB`;
  return { what: 'peak memory of one call to the local server', ratio: run / bare, target: null, detail };
}

/**
 * The peak memory of a run of Node.js in MiB, as the process itself sees it when it ends; the median of five runs.
 *
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function peakMemory(args, env) {
  const probe = join(import.meta.dirname, '../harness/peak-memory.cjs');
  const peaks = [];
  for (let round = 0; round < 5; round += 1) {
    const { stdout } = await runCommand(['node', '--require', probe, ...args], env);
    const reported = /^peak memory (\d+) KiB$/m.exec(stdout)?.[1];
    peaks.push(Number(reported) / 1024);
  }
  return median(peaks);
}
