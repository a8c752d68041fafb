import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMilliseconds = 100;
const heartbeatMilliseconds = 2_000;
/** A holder that has shown no sign of life for so long is gone, even if its process id is in use again. */
const silenceMilliseconds = 60_000;

/**
 * Who holds a lock. The token is never used twice, unlike a process id.
 *
 * @typedef {{ pid: number, host: string, token: string }} Holder
 */

/** Tokens of the locks that this process holds. */
const held = new Set();

/**
 * Runs a job while no one else holds the lock file; a lock whose holder has died is taken over.
 *
 * @template T
 * @param {string} path the lock file; its folder must be there
 * @param {{ onWait?: (pid: number) => void }} options `onWait` is told once, when someone else is in the way
 * @param {() => Promise<T>} job
 * @returns {Promise<T>}
 */
export async function withLock(path, { onWait = () => {} }, job) {
  const self = { pid: process.pid, host: hostname(), token: randomUUID() };
  let told = false;
  while (!acquire(path, self)) {
    const holder = readHolder(path);
    if (holder === null) continue;
    if (isGone(holder, path) && takeOver(path, holder, self)) break;
    if (!told) onWait(holder.pid);
    told = true;
    await sleep(pollMilliseconds);
  }
  held.add(self.token);
  const heartbeat = setInterval(() => touch(path), heartbeatMilliseconds);
  try {
    return await job();
  } finally {
    clearInterval(heartbeat);
    held.delete(self.token);
    if (readHolder(path)?.token === self.token) rmSync(path, { force: true });
  }
}

/**
 * @param {string} path
 * @param {Holder} self
 */
function acquire(path, self) {
  return writeNew(path, JSON.stringify(self));
}

/**
 * Of several that see the same dead holder, one may take its place: whoever makes the marker named after the
 * holder's token. It looks again before it replaces the lock, so one that comes late displaces nobody.
 *
 * @param {string} path
 * @param {Holder} dead
 * @param {Holder} self
 */
function takeOver(path, dead, self) {
  const marker = `${path}.${dead.token}`;
  if (!writeNew(marker, '')) {
    if (isSilent(marker)) rmSync(marker, { force: true });
    return false;
  }
  try {
    if (readHolder(path)?.token !== dead.token) return false;
    const draft = `${path}.${self.token}`;
    writeFileSync(draft, JSON.stringify(self));
    renameSync(draft, path);
    return true;
  } finally {
    rmSync(marker, { force: true });
  }
}

/**
 * @param {Holder} holder
 * @param {string} path
 */
function isGone(holder, path) {
  if (isSilent(path)) return true;
  if (holder.host !== hostname()) return false;
  return holder.pid === process.pid ? !held.has(holder.token) : !isRunning(holder.pid);
}

/** @param {string} path */
function isSilent(path) {
  const seen = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return seen !== undefined && Date.now() - seen > silenceMilliseconds;
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it runs, as another user.
    return errorCode(thrown) === 'EPERM';
  }
}

/**
 * @param {string} path
 * @returns {Holder | null} null when there is no lock any more
 */
function readHolder(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return null;
    // Its holder is about to write it, or never finished: only its silence can tell.
    return { pid: 0, host: '', token: 'unreadable' };
  }
}

/**
 * Writes a file that must not be there yet; false when it is.
 *
 * @param {string} path
 * @param {string} content
 */
function writeNew(path, content) {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (thrown) {
    if (errorCode(thrown) === 'EEXIST') return false;
    throw thrown;
  }
}

/** @param {string} path */
function touch(path) {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // Someone removed the lock file by hand: there is nothing to keep alive.
  }
}

/** @param {unknown} thrown */
function errorCode(thrown) {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
}
