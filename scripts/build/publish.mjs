import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Makes the target folder equal to the finished one, file by file, so that whoever runs from the target meanwhile
 * finds every file it names: chunks, whose names come from their content, go in before the programs that import
 * them, and what is no longer part of the build goes last.
 *
 * @param {string} finished is used up
 * @param {string} target
 */
export function publish(finished, target) {
  const files = filesOf(finished).sort((a, b) => rank(a) - rank(b));
  for (const file of files) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    renameSync(join(finished, file), join(target, file));
  }
  const current = new Set(files);
  for (const file of filesOf(target)) {
    if (!current.has(file)) rmSync(join(target, file));
  }
  rmSync(finished, { recursive: true });
}

/** @param {string} file */
function rank(file) {
  if (file.startsWith('chunks/')) return 0;
  return file.endsWith('.js') ? 2 : 1;
}

/**
 * @param {string} folder
 * @returns {string[]} paths from the folder, with slashes
 */
function filesOf(folder) {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    );
}
