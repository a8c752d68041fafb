import type { Database } from '../sqlite/index.ts';

/** How long runs are kept, in milliseconds. */
const keptFor = 30 * 24 * 60 * 60 * 1000;
/** The largest the database may be, in bytes; past it the oldest runs go. */
export const largest = 64 * 1024 * 1024;

/** How many calls one step takes out. */
const atOnce = 1_000;

/** Takes out what is too old, and the oldest tenths of what is too much, in steps that are transactions or parts of one. */
export function* pruning(database: Database, date: number, bytes: number = largest): Generator<void> {
  yield* removing(database, date - keptFor);
  while (sizeOf(database) > bytes) {
    const tenth = database.get<{ at: number }>(
      'SELECT started_at AS at FROM run ORDER BY started_at LIMIT 1 OFFSET (SELECT count(*) / 10 FROM run)',
    );
    if (tenth === null || (yield* removing(database, tenth.at + 1)) === 0) return;
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
  const number = (pragma: string) =>
    Object.values(database.get<Record<string, number>>(`PRAGMA ${pragma}`) ?? {})[0] ?? 0;
  return (number('page_count') - number('freelist_count')) * number('page_size');
}
