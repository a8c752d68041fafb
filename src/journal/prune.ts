import type { Database } from '../sqlite/index.ts';

/** How long runs are kept, in milliseconds. */
const keptFor = 30 * 24 * 60 * 60 * 1000;
/** The largest the database may be, in bytes; past it the oldest runs go. */
export const largest = 64 * 1024 * 1024;

/** Takes out what is too old, and the oldest tenths of what is too much. Part of a transaction. */
export function prune(database: Database, date: number, bytes: number = largest): void {
  removeBefore(database, date - keptFor);
  while (sizeOf(database) > bytes) {
    const tenth = database.get<{ at: number }>(
      'SELECT started_at AS at FROM run ORDER BY started_at LIMIT 1 OFFSET (SELECT count(*) / 10 FROM run)',
    );
    if (tenth === null || removeBefore(database, tenth.at + 1) === 0) return;
  }
}

function removeBefore(database: Database, time: number): number {
  const oldest = database.get<{ at: number | null }>('SELECT min(started_at) AS at FROM run');
  if (oldest?.at == null || oldest.at >= time) return 0;
  database.run('DELETE FROM call WHERE run_id IN (SELECT id FROM run WHERE started_at < ?)', [time]);
  return database.run('DELETE FROM run WHERE started_at < ?', [time]);
}

/** Without the pages that are free to be used again. */
function sizeOf(database: Database): number {
  const number = (pragma: string) =>
    Object.values(database.get<Record<string, number>>(`PRAGMA ${pragma}`) ?? {})[0] ?? 0;
  return (number('page_count') - number('freelist_count')) * number('page_size');
}
