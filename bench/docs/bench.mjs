import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from '../../scripts/build/bundle.mjs';
import { cleanEnvironment, runCommand } from '../harness/command.mjs';
import { median } from '../harness/median.mjs';

/** @import { Finding } from '../run.mjs' */

const root = join(import.meta.dirname, '../..');
const rounds = 3;
/** How many functions the larger API has. */
const many = 1_200;
const pageTargets = { function: 60, integration: 300 };

/** @returns {Promise<Finding[]>} */
export default async function bench() {
  const folder = mkdtempSync(join(tmpdir(), 'kosmo-bench-'));
  try {
    const bare = join(folder, 'bare.mjs');
    await bundleProgram(root, 'bench/docs/bare.ts', bare);
    const grow = join(folder, 'grow.mjs');
    await bundleProgram(root, 'bench/docs/grow.ts', grow);
    const home = join(folder, 'home');
    const installed = join(folder, 'installed');
    mkdirSync(home);
    const small = await compared('172 functions', join(root, 'dist'), home, bare, folder);
    // An installation that has only the larger API, so that each site is of one.
    cpSync(join(root, 'dist'), join(installed, 'dist'), { recursive: true });
    cpSync(join(root, 'docs'), join(installed, 'docs'), { recursive: true });
    cpSync(join(root, 'package.json'), join(installed, 'package.json'));
    await runCommand(
      ['node', grow, root, join(installed, 'dist/integrations'), String(many)],
      cleanEnvironment(home),
    );
    rmSync(join(installed, 'dist/integrations/workos'), { recursive: true });
    const large = await compared(`${many} functions`, join(installed, 'dist'), home, bare, folder);
    return [small, large, ...weights(join(folder, '172 functions'))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} what
 * @param {string} dist the product
 * @param {string} home
 * @param {string} bare the program it is compared with
 * @param {string} folder
 * @returns {Promise<Finding>}
 */
async function compared(what, dist, home, bare, folder) {
  const out = join(folder, what);
  const environment = cleanEnvironment(home);
  const ours = [];
  const theirs = [];
  let pages = 0;
  for (let round = 0; round < rounds; round += 1) {
    rmSync(out, { recursive: true, force: true });
    const made = await runCommand(
      ['node', join(dist, 'cli/main.cjs'), 'docs:site', '--out', out, '--json'],
      environment,
    );
    ({ pages } = JSON.parse(made.stdout));
    ours.push(made.milliseconds);
    const plain = await runCommand(['node', bare, out, join(folder, 'bare')], environment);
    theirs.push(plain.milliseconds);
  }
  const seconds = (/** @type {number[]} */ times) => `${(median(times) / 1000).toFixed(2)} s`;
  return {
    what: `the site of ${what}`,
    ratio: median(ours) / median(theirs),
    target: null,
    detail: `${seconds(ours)} for ${pages} pages; their markdown through markdown-it alone ${seconds(theirs)}`,
  };
}

/**
 * @param {string} site
 * @returns {Finding[]}
 */
function weights(site) {
  const size = (/** @type {string} */ path) => statSync(join(site, path)).size / 1024;
  const functions = readdirSync(join(site, 'integrations/workos')).filter((name) => name.endsWith('.html'));
  const sizes = functions.map((name) => size(`integrations/workos/${name}`));
  const shared = ['site.css', 'site.js', 'theme.js'].reduce((sum, name) => sum + size(`assets/${name}`), 0);
  const search = ['search.js', 'search-data.js'].reduce((sum, name) => sum + size(`assets/${name}`), 0);
  const heaviest = Math.max(...sizes);
  const page = size('integrations/workos.html');
  return [
    {
      what: 'the heaviest page of a function, with its styles and scripts, to its target',
      ratio: (heaviest + shared) / pageTargets.function,
      target: 1,
      detail: `${heaviest.toFixed(0)} KB (median ${median(sizes).toFixed(0)} KB) and ${shared.toFixed(0)} KB that all pages share`,
    },
    {
      what: 'the page of the integration, with its styles and scripts, to its target',
      ratio: (page + shared) / pageTargets.integration,
      target: 1,
      detail: `${page.toFixed(0)} KB and ${shared.toFixed(0)} KB that all pages share; the search, when it is first used, ${search.toFixed(0)} KB`,
    },
  ];
}
