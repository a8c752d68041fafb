/** Runs the benches that are named, or all, and prints a line for each thing they measured. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What a bench found out: how many times as much kosmo needs as the thing it is compared with.
 *
 * @typedef {{ what: string, ratio: number, target: number | null, detail: string }} Finding
 */

const folder = import.meta.dirname;
const available = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'bench.mjs')));
const wanted = process.argv.length > 2 ? process.argv.slice(2) : available;
const unknown = wanted.find((name) => !available.includes(name));

if (unknown !== undefined) {
  process.stderr.write(`There is no bench called ${unknown}. There are: ${available.join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const name of wanted) {
    process.stdout.write(`${name}\n`);
    /** @type {{ default: () => Promise<Finding[]> }} */
    const { default: bench } = await import(join(folder, name, 'bench.mjs'));
    for (const finding of await bench()) process.stdout.write(`  ${line(finding)}\n`);
  }
}

/** @param {Finding} finding */
function line({ what, ratio, target, detail }) {
  const verdict =
    target === null ? '' : ratio <= target ? ` (target ${target}: met)` : ` (target ${target}: MISSED)`;
  return `${ratio.toFixed(2)} x${verdict}  ${what}: ${detail}`;
}
