import type { Database } from '../sqlite/index.ts';

/** How long runs are kept, in milliseconds. */
const keptFor = 30 * 24 * 60 * 60 * 1000;
/** The largest the database may be, in bytes; past it the oldest runs go. */
export const largest = 64 * 1024 * 1024;

/** How many calls one step takes out. */
const atOnce = 1_000;
/** How many pages one step gives back to the system. */
const pagesAtOnce = 500;

/** Has the file of a database that is made now become smaller when there is less in it. One that is there stays as it is. */
export function giveBackRoom(database: Database): void {
  if (pragma(database, 'page_count') === 0) database.execute('PRAGMA auto_vacuum = INCREMENTAL');
}

/**
 * Takes out what is too old, and the oldest tenths of what is too much, in steps that are transactions or parts of one.
 * An eighth more is left free in the file, for what comes next.
 */
export function* pruning(database: Database, date: number, bytes: number): Generator<void> {
  yield* removing(database, date - keptFor);
  while (sizeOf(database) > bytes) {
    const tenth = database.get<{ at: number }>(
      'SELECT started_at AS at FROM run ORDER BY started_at LIMIT 1 OFFSET (SELECT count(*) / 10 FROM run)',
    );
    if (tenth === null || (yield* removing(database, tenth.at + 1)) === 0) break;
  }
  yield* shrinking(database, bytes / 8);
}

function* shrinking(database: Database, room: number): Generator<void> {
  const page = pragma(database, 'page_size');
  for (let free = freePages(database); free * page > room; ) {
    database.execute(`PRAGMA incremental_vacuum(${pagesAtOnce})`);
    const left = freePages(database);
    // A file that was made otherwise keeps its pages.
    if (left === free) return;
    free = left;
    yield;
  }
}

/** @returns how many runs were there */
function* removing(database: Database, time: number): Generator<void, number> {
  const oldest = database.get<{ at: number | null }>('SELECT min(started_at) AS at FROM run');
  if (oldest?.at == null || oldest.at >= time) return 0;
  const calls = `DELETE FROM call WHERE (run_id, number) IN (
    SELECT call.run_id, call.number FROM run JOIN call ON call.run_id = run.id WHERE run.started_at < ? LIMIT ${atOnce})`;
  while (database.run(calls, [time]) === atOnce) yield;
  return database.run('DELETE FROM run WHERE started_at < ?', [time]);
}

/** Without the pages that are free to be used again. */
function sizeOf(database: Database): number {
  return (pragma(database, 'page_count') - freePages(database)) * pragma(database, 'page_size');
}

function freePages(database: Database): number {
  return pragma(database, 'freelist_count');
}

function pragma(database: Database, name: string): number {
  return Object.values(database.get<Record<string, number>>(`PRAGMA ${name}`) ?? {})[0] ?? 0;
}
