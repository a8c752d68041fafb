import { KosmoError } from '../support/errors.ts';
import type { Database } from './database.ts';

/** One step of a schema. Once released it is never changed: a later step mends it. */
export interface Migration {
  /** For people who read the version table: `organizations`. */
  readonly name: string;
  readonly sql: string;
}

/**
 * Brings a database to the newest schema. A database's version is the number of migrations it has seen; it is kept
 * in `user_version`, so that the check of every start is one pragma, and each step is recorded in `schema_version`.
 *
 * @param now when the steps are recorded as applied, ISO 8601
 * @returns how many migrations were applied
 * @throws KosmoError `database_invalid` when the file was written by a newer version
 */
export function migrate(database: Database, migrations: readonly Migration[], now: string): number {
  if (versionOf(database) === migrations.length) return 0;
  return database.write(() => {
    // Read again inside the transaction: another process may have been faster.
    const version = versionOf(database);
    if (version > migrations.length) {
      throw new KosmoError(
        'database_invalid',
        `${database.path} has schema version ${version}; this version of kosmo knows ${migrations.length}.`,
        { hint: 'Use the newer kosmo that wrote it, or name another file; this one was left as it was.' },
      );
    }
    if (version === 0) {
      database.execute(
        'CREATE TABLE schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT',
      );
    }
    migrations.slice(version).forEach((migration, position) => {
      database.execute(migration.sql);
      database.run('INSERT INTO schema_version (version, name, applied_at) VALUES (?, ?, ?)', [
        version + position + 1,
        migration.name,
        now,
      ]);
    });
    database.execute(`PRAGMA user_version = ${migrations.length}`);
    return migrations.length - version;
  });
}

function versionOf(database: Database): number {
  return database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}
