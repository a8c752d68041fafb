/**
 * Runs the protocol's own conformance suite against kosmo. The suite needs Node.js 22 or newer, kosmo does not: the one
 * it is started with is used, else the one that CONFORMANCE_NODE names. Without either nothing is run, and it says so.
 *
 * node test/conformance/run.mjs [client|server [SCENARIO…]]
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startGateway } from './gateway.mjs';

const root = join(import.meta.dirname, '../..');
const suite = join(root, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
const expected = join(import.meta.dirname, 'expected-failures.yml');

/**
 * What the suite is told in each of its modes, and what ends when it has run.
 * @typedef {{ args: string[], close: () => Promise<void> }} Mode
 * @type {Record<string, () => Promise<Mode>>}
 */
const modes = {
  client: async () => ({
    args: [
      '--command',
      `${process.execPath} ${join(import.meta.dirname, 'client.mjs')}`,
      '--timeout',
      '120000',
    ],
    close: async () => undefined,
  }),
  server: async () => {
    const { url, close } = await startGateway();
    return { args: ['--url', url], close };
  },
};

/** Scenarios at once: each has processes of its own. */
const atOnce = 2;

const node = nodeForSuite();
if (node === null) {
  process.stdout.write(
    `Conformance: skipped. The suite needs Node.js 22 or newer, and this is ${process.versions.node}: set CONFORMANCE_NODE to such a one.\n`,
  );
} else {
  const [, , only, ...names] = process.argv;
  for (const mode of Object.keys(modes).filter((name) => only === undefined || only === name)) {
    const scenarios = names.length > 0 ? names : scenariosOf(node, mode);
    const failed = await runAll(node, mode, [...scenarios]);
    process.stdout.write(`Conformance, ${mode}: ${scenarios.length} scenarios, ${failed} not as expected\n`);
    if (failed > 0 || scenarios.length === 0) process.exitCode = 1;
  }
}

/** @returns {string | null} */
function nodeForSuite() {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  const named = process.env['CONFORMANCE_NODE'] ?? '';
  return named !== '' && existsSync(named) ? named : null;
}

/**
 * @param {string} program
 * @param {string} mode
 */
function scenariosOf(program, mode) {
  const listed = execFileSync(program, [suite, 'list', `--${mode}`], { encoding: 'utf8' });
  return [...listed.matchAll(/^ {2}- (\S+)/gm)].map(([, name = '']) => name);
}

/**
 * @param {string} program
 * @param {string} mode
 * @param {string[]} waiting
 * @returns {Promise<number>} how many did not end as the list of expected failures has it
 */
async function runAll(program, mode, waiting) {
  const output = mkdtempSync(join(tmpdir(), 'kosmo-conformance-'));
  const { args: told, close } = (await modes[mode]?.()) ?? { args: [], close: async () => undefined };
  let failed = 0;
  const work = async () => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const args = [suite, mode, ...told, '--scenario', name, '--expected-failures', expected];
      const { ok, text } = await run(program, [...args, '-o', output]);
      process.stdout.write(
        `${ok ? 'as expected' : 'NOT AS EXPECTED'}  ${name}\n${ok ? '' : text.slice(-6000)}`,
      );
      if (!ok) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await close();
  rmSync(output, { recursive: true, force: true });
  return failed;
}

/**
 * @param {string} program
 * @param {string[]} args
 */
async function run(program, args) {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, args, { maxBuffer: 2 ** 28 });
    return { ok: true, text: stdout + stderr };
  } catch (error) {
    const { stdout = '', stderr = '' } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
    return { ok: false, text: stdout + stderr };
  }
}
