import { readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './report.mjs';
import { CommandFailure, run, StepFailure } from './run.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lockfile
 */

const npmArguments = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];

/** What npm calls the failures that mean it could not reach the registry. */
const networkCodes = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ERR_SOCKET_TIMEOUT',
  'ENOTCACHED',
]);

/**
 * Whether node_modules holds what package-lock.json asks for.
 *
 * npm writes node_modules/.package-lock.json last, so an install that was cut short leaves none.
 *
 * @param {string} root
 */
export function dependenciesAreCurrent(root) {
  const installed = readLockfile(installedLockfile(root));
  const wanted = readLockfile(join(root, 'package-lock.json'));
  if (wanted === null) {
    throw new StepFailure(
      'package-lock.json is missing or damaged. Restore it: git checkout package-lock.json',
    );
  }
  if (installed === null || !satisfies(installed, wanted)) return false;
  // The launcher compares the times of the two files: after a look at their content, let it see that all is well.
  const now = new Date();
  utimesSync(installedLockfile(root), now, now);
  return true;
}

/**
 * Whether an installed tree has every package of a lockfile in its version. Packages for other platforms may be
 * missing, and packages nobody asked for do no harm.
 *
 * @param {Lockfile} installed
 * @param {Lockfile} wanted
 */
export function satisfies(installed, wanted) {
  return Object.entries(wanted.packages).every(([path, pack]) => {
    if (path === '') return true;
    const found = installed.packages[path];
    if (found === undefined) return pack.optional === true || pack.devOptional === true;
    return found.version === pack.version && found.integrity === pack.integrity;
  });
}

/**
 * Installs exactly what package-lock.json says.
 *
 * @param {string} root
 */
export async function installDependencies(root) {
  const first = readLockfile(installedLockfile(root)) === null;
  say(`Installing dependencies (${first ? 'first run only' : 'they have changed'})…`);
  try {
    await run('npm', npmArguments, { cwd: root });
  } catch (thrown) {
    if (!(thrown instanceof CommandFailure)) throw thrown;
    throw new StepFailure(explainInstallFailure(thrown));
  }
}

/** @param {CommandFailure} failure */
function explainInstallFailure(failure) {
  if (failure.reason.includes('ENOENT')) {
    return 'Cannot install the dependencies: npm is not on the PATH. It comes with Node.js: https://nodejs.org.';
  }
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(failure.output)?.[1];
  const advice =
    code !== undefined && networkCodes.has(code)
      ? `The package registry could not be reached (${code}). The first run needs the network; check it and run the command again.`
      : 'Mend what npm says below, or run `npm ci` yourself to see all of it.';
  return `Cannot install the dependencies: npm ci ended with ${failure.reason}. ${advice}${failure.tail}`;
}

/** @param {string} root */
function installedLockfile(root) {
  return join(root, 'node_modules', '.package-lock.json');
}

/**
 * @param {string} path
 * @returns {Lockfile | null} null when there is none that can be read
 */
function readLockfile(path) {
  try {
    const content = JSON.parse(readFileSync(path, 'utf8'));
    return typeof content?.packages === 'object' && content.packages !== null ? content : null;
  } catch {
    return null;
  }
}
