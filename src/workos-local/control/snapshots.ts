import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Database, migrate } from '../../sqlite/index.ts';
import { KosmoError, systemErrorCode } from '../../support/errors.ts';
import { timestamp } from '../kit/clock.ts';
import type { PageHost } from '../pages/host.ts';
import { schema } from '../schema/migrations.ts';
import { withTemporaryFolder } from './temporary-folder.ts';
import { copyTo, replaceState } from './transfer.ts';

/** The whole state under a name, to come back to. */
export interface Snapshot {
  readonly name: string;
  /** When it was saved, ISO 8601, by the machine's clock. */
  readonly saved_at: string;
  readonly bytes: number;
}

/** Keeps the state as it is now; a snapshot of that name is replaced. */
export function saveSnapshot(host: PageHost, name: string): Snapshot {
  const folder = folderOf(host);
  const file = fileOf(host, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const beside = join(folder, `.${process.pid}-${name}`);
  rmSync(beside, { force: true });
  copyTo(host.database, beside);
  renameSync(beside, file);
  return snapshotOf(folder, name);
}

/**
 * Makes the state what it was. A server that is running goes on with it.
 *
 * @throws KosmoError `unknown_snapshot`
 */
export function restoreSnapshot(host: PageHost, name: string): Snapshot {
  const kept = existing(host, name);
  withTemporaryFolder((folder) => {
    // Brought to today's schema in a copy: the snapshot stays as it was saved.
    const copy = join(folder, 'snapshot.db');
    const saved = Database.open(fileOf(host, name));
    try {
      copyTo(saved, copy);
    } finally {
      saved.close();
    }
    const database = Database.open(copy);
    try {
      migrate(database, schema, timestamp(Date.now()));
    } finally {
      database.close();
    }
    replaceState(host.database, copy);
  });
  return kept;
}

/** By name. */
export function listSnapshots(host: PageHost): Snapshot[] {
  const folder = folderOf(host);
  try {
    return readdirSync(folder)
      .filter((file) => /^[\w-][\w.-]*\.db$/.test(file))
      .sort()
      .map((file) => snapshotOf(folder, file.slice(0, -'.db'.length)));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** @throws KosmoError `unknown_snapshot` */
export function deleteSnapshot(host: PageHost, name: string): void {
  existing(host, name);
  for (const ending of ['', '-wal', '-shm']) rmSync(fileOf(host, name) + ending, { force: true });
}

function existing(host: PageHost, name: string): Snapshot {
  const all = listSnapshots(host);
  const found = all.find((snapshot) => snapshot.name === name);
  if (found === undefined) {
    throw new KosmoError('unknown_snapshot', `There is no snapshot ${name}.`, {
      details: { snapshots: all.map((snapshot) => snapshot.name) },
    });
  }
  return found;
}

function snapshotOf(folder: string, name: string): Snapshot {
  const { size, mtime } = statSync(join(folder, `${name}.db`));
  return { name, saved_at: mtime.toISOString(), bytes: size };
}

function fileOf(host: PageHost, name: string): string {
  if (!/^[\w-][\w.-]{0,99}$/.test(name)) {
    throw new KosmoError('usage', `${JSON.stringify(name)} cannot be the name of a snapshot.`, {
      hint: 'Take letters, digits, _ and -.',
    });
  }
  return join(folderOf(host), `${name}.db`);
}

function folderOf(host: PageHost): string {
  const { path } = host.database;
  if (path === ':memory:') {
    throw new KosmoError('usage', 'A database in memory has no snapshots.', {
      hint: 'Serve a file; local:export writes the state of both.',
    });
  }
  return `${path}.snapshots`;
}
