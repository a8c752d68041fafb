import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Writes LICENSES.txt: the licence of every package whose code is part of the bundle, which the licences ask for.
 *
 * @param {string} target the build that is being made
 * @param {readonly string[]} moduleIds the files that went into it
 */
export function writeLicences(target, moduleIds) {
  const folders = [...new Set(moduleIds.map(packageFolder).filter((folder) => folder !== null))];
  const entries = folders.map(licenceOf).sort((a, b) => a.title.localeCompare(b.title, 'en'));
  const text = entries
    .map(({ title, licence }) => `${title}\n\n${licence.trim()}\n`)
    .join(`\n${'-'.repeat(80)}\n\n`);
  writeFileSync(join(target, 'LICENSES.txt'), `kosmo contains code of these packages.\n\n${text}`);
}

/**
 * The folder of the package that a file belongs to: the nearest with a named package.json. Null for our own files.
 *
 * @param {string} moduleId
 * @returns {string | null}
 */
function packageFolder(moduleId) {
  if (!moduleId.includes('/node_modules/')) return null;
  let folder = dirname(moduleId);
  while (!describes(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/**
 * Whether a package.json is a package's own, not one of those that only say which kind of modules a folder holds.
 *
 * @param {string} path
 */
function describes(path) {
  return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).version !== undefined;
}

/** @param {string} folder */
function licenceOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const licence = file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), 'utf8');
  return { title: `${name} ${version} (${license})`, licence };
}
