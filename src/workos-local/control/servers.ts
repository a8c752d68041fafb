import type { Database } from '../../sqlite/index.ts';
import { systemErrorCode } from '../../support/errors.ts';

/** A process that serves the database over HTTP. */
export interface ServingProcess {
  readonly url: string;
  readonly pid: number;
  /** ISO 8601, by the machine's clock. */
  readonly started_at: string;
}

/** Remembers that this process serves the database, so that others know where, and forgets those that were killed. */
export function enterServer(database: Database, url: string): void {
  for (const { url: left, pid } of allServers(database).filter((one) => !isAlive(one.pid))) {
    database.run('DELETE FROM servers WHERE url = ? AND pid = ?', [left, pid]);
  }
  database.run('INSERT OR REPLACE INTO servers (url, pid, started_at) VALUES (?, ?, ?)', [
    url,
    process.pid,
    new Date().toISOString(),
  ]);
}

export function leaveServer(database: Database, url: string): void {
  database.run('DELETE FROM servers WHERE url = ? AND pid = ?', [url, process.pid]);
}

/** Who serves the database right now, the last one that started first. */
export function runningServers(database: Database): ServingProcess[] {
  return allServers(database).filter(({ pid }) => isAlive(pid));
}

function allServers(database: Database): ServingProcess[] {
  return database.all<ServingProcess>('SELECT url, pid, started_at FROM servers ORDER BY started_at DESC');
}

/** One that was killed has not taken itself off the list. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
}
