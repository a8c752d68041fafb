import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What dist/ is made from, as paths from the root. The launcher reads this list from the stamp. */
export const buildInputs = ['src', 'scripts', 'integrations', 'package.json', 'package-lock.json'];

/**
 * The stamp of a build, dist/.built: its first line names the inputs, its second is the hash of V8's version and of
 * their content, and its time is the moment the build began, so that a file saved while it ran counts as newer.
 *
 * @typedef {{ fingerprint: string, time: Date }} Stamp
 */

/**
 * Whether dist/ was made from the sources as they are now. Content decides; when only times have changed (another
 * branch and back), the stamp gets a new time, so that the launcher's quick look is content as well.
 *
 * @param {string} root
 */
export function buildIsCurrent(root) {
  const stamp = stampPath(join(root, 'dist'));
  let content;
  try {
    content = readFileSync(stamp, 'utf8');
  } catch {
    return false;
  }
  const now = takeStamp(root);
  if (content !== stampContent(now)) return false;
  utimesSync(stamp, now.time, now.time);
  return true;
}

/**
 * The stamp of a build that begins now.
 *
 * @param {string} root
 * @returns {Stamp}
 */
export function takeStamp(root) {
  const time = new Date();
  // The code that is kept beside the chunks is of one version of V8 only.
  const hash = createHash('sha256').update(`${process.versions.v8}\0`);
  for (const path of buildInputs.flatMap((input) => filesUnder(root, input))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return { fingerprint: hash.digest('hex'), time };
}

/**
 * Marks a finished build as made from what the stamp describes.
 *
 * @param {string} dist
 * @param {Stamp} stamp
 */
export function writeStamp(dist, stamp) {
  writeFileSync(stampPath(dist), stampContent(stamp));
  utimesSync(stampPath(dist), stamp.time, stamp.time);
}

/** @param {string} dist */
function stampPath(dist) {
  return join(dist, '.built');
}

/** @param {Stamp} stamp */
function stampContent({ fingerprint }) {
  return `${buildInputs.join(' ')}\n${fingerprint}\n`;
}

/**
 * Every file of an input but the tests, which no build holds, in an order that does not depend on the file system.
 *
 * @param {string} root
 * @param {string} input a file or a folder
 * @returns {string[]} paths from the root
 */
function filesUnder(root, input) {
  if (!statSync(join(root, input)).isDirectory()) return [input];
  const names = readdirSync(join(root, input)).sort();
  return names.flatMap((name) => (name.endsWith('.test.ts') ? [] : filesUnder(root, `${input}/${name}`)));
}
