import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, runCommand } from '../harness/command.mjs';
import { median } from '../harness/median.mjs';

/** @import { Finding } from '../run.mjs' */

const rounds = 15;
const repository = join(import.meta.dirname, '../..');
const probe = join(repository, 'bench/startup/peak-memory.cjs');
const kosmo = join(repository, 'dist/cli/main.cjs');
const nothing = ['integrations:lua', '--eval', 'return 1', '--json'];
const limit = 512 * 1024;

/** @returns {Promise<Finding[]>} */
export default async function bench() {
  const root = mkdtempSync(join(tmpdir(), 'kosmo-bench-'));
  try {
    const workos = join(repository, 'node_modules/@workos/openapi-spec/open-api-spec.yaml');
    const github = await githubDocument(root);
    const large = github ?? workos;
    const findings = [await compiling(root, 'WorkOS', workos)];
    if (github === null)
      process.stdout.write('  GitHub’s document cannot be fetched here; WorkOS’s stands in for it.\n');
    else findings.push(await compiling(root, 'GitHub', github));
    return [...findings, ...(await starting(root, large))];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/**
 * One document as `integrations:add` takes it.
 *
 * @param {string} root
 * @param {string} title
 * @param {string} spec
 * @returns {Promise<Finding>}
 */
async function compiling(root, title, spec) {
  const env = cleanEnvironment(join(root, `compile-${title}`));
  /** @type {number[]} */
  const times = [];
  let peak = 0;
  for (let round = 0; round < 3; round += 1) {
    const { milliseconds, stdout } = await runCommand(
      ['node', '--require', probe, kosmo, 'integrations:add', `measured_${round}`, '--spec', spec],
      env,
    );
    times.push(milliseconds);
    peak = Math.max(peak, Number(/peak memory (\d+) KiB/.exec(stdout)?.[1]));
  }
  return {
    what: `memory to compile ${title}’s document, beside 512 MB`,
    ratio: peak / limit,
    target: 1,
    detail: `${Math.round(peak / 1024)} MB, in ${(median(times) / 1000).toFixed(2)} s`,
  };
}

/**
 * A program that calls nothing, with none, one and ten integrations of that size.
 *
 * @param {string} root
 * @param {string} spec
 * @returns {Promise<Finding[]>}
 */
async function starting(root, spec) {
  const counts = [0, 1, 10];
  const environments = counts.map((count) => cleanEnvironment(join(root, `start-${count}`)));
  for (const [index, count] of counts.entries()) {
    for (let number = 1; number <= count; number += 1) {
      const add = ['node', kosmo, 'integrations:add', `large_${number}`, '--spec', spec];
      await runCommand(/** @type {[string, ...string[]]} */ (add), environments[index] ?? {});
    }
  }
  /** @type {number[][]} */
  const times = counts.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, env] of environments.entries()) {
      const { milliseconds } = await runCommand(['node', kosmo, ...nothing], env);
      if (round > 0) times[index]?.push(milliseconds);
    }
  }
  const [none = Number.NaN, ...others] = times.map(median);
  return others.map((time, index) => ({
    what: `a program’s start with ${counts[index + 1]} large integrations, beside none`,
    ratio: time / none,
    target: 1.05,
    detail: `${time.toFixed(1)} ms, ${none.toFixed(1)} ms`,
  }));
}

/**
 * GitHub's document as its npm package has it; null where it cannot be fetched.
 *
 * @param {string} root
 * @returns {Promise<string | null>}
 */
async function githubDocument(root) {
  const kept = join(repository, 'build/documents/github.json');
  if (existsSync(kept)) return kept;
  const folder = join(root, 'package');
  mkdirSync(folder, { recursive: true });
  try {
    const env = { ...process.env };
    await runCommand(['npm', 'pack', '@octokit/openapi', '--pack-destination', folder], env);
    await runCommand(
      ['sh', '-c', `tar xzf ${folder}/*.tgz -C ${folder} package/generated/api.github.com.json`],
      env,
    );
    mkdirSync(join(kept, '..'), { recursive: true });
    writeFileSync(kept, readFileSync(join(folder, 'package/generated/api.github.com.json')));
    return kept;
  } catch {
    return null;
  }
}
