import { statSync } from 'node:fs';
import type { PageHost } from '../pages/host.ts';
import { type ClockReading, readClock } from './clock.ts';
import { listEnvironments } from './environments.ts';
import { listFaults } from './faults.ts';
import { runningServers, type ServingProcess } from './servers.ts';

/** What there is to know of a local server and its database. */
export interface Status {
  readonly db: string;
  readonly bytes: number;
  readonly environments: number;
  readonly clock: ClockReading;
  readonly faults: number;
  /** Who serves it over HTTP; none when it is used in process alone. */
  readonly servers: readonly ServingProcess[];
}

export function statusOf(host: PageHost): Status {
  const { database } = host;
  return {
    db: database.path,
    bytes: bytesOf(host),
    environments: listEnvironments(host).length,
    clock: readClock(host),
    faults: listFaults(host).length,
    servers: runningServers(database),
  };
}

function bytesOf({ database }: PageHost): number {
  const { path } = database;
  if (path !== ':memory:') {
    return ['', '-wal'].reduce(
      (sum, end) => sum + (statSync(path + end, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  }
  const pages = database.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0;
  return pages * (database.get<{ page_size: number }>('PRAGMA page_size')?.page_size ?? 0);
}
