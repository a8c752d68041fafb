import { KosmoError } from '../support/errors.ts';
import type { Database } from './database.ts';

/** One step of a schema. Once released it is never changed: a later step mends it. */
export interface Migration {
  /** For people who read the version table: `organizations`. */
  readonly name: string;
  readonly sql: string;
}

/** What a database file is for, and how it came to its present form. */
export interface Schema {
  /** Marks a file as one of these, so that another program's database is not taken for one: SQLite's application_id. */
  readonly applicationId: number;
  readonly migrations: readonly Migration[];
}

/**
 * Brings a database to the newest schema. A database's version is the number of migrations it has seen; it is kept
 * in `user_version`, so that the check of every start is two pragmas, and each step is recorded in `schema_version`.
 *
 * @param now when the steps are recorded as applied, ISO 8601
 * @returns how many migrations were applied
 * @throws KosmoError `database_invalid` when the file belongs to another program or to a newer version
 */
export function migrate(database: Database, schema: Schema, now: string): number {
  if (isCurrent(database, schema)) return 0;
  // Nothing of a file is changed before it is known to be one of ours; on one snapshot, for others may be migrating it.
  database.read(() => assertMigratable(database, schema));
  database.useWriteAheadLog();
  return database.write(() => {
    // Looked at again inside the transaction: another process may have been faster.
    if (isCurrent(database, schema)) return 0;
    assertMigratable(database, schema);
    const version = versionOf(database);
    const { applicationId, migrations } = schema;
    if (version === 0) {
      database.execute(`
        PRAGMA application_id = ${applicationId};
        CREATE TABLE schema_version (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT;
      `);
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

function isCurrent(database: Database, schema: Schema): boolean {
  return versionOf(database) === schema.migrations.length && applicationOf(database) === schema.applicationId;
}

function assertMigratable(database: Database, schema: Schema): void {
  const version = versionOf(database);
  const application = applicationOf(database);
  const isEmpty =
    version === 0 && application === 0 && database.get('SELECT 1 FROM sqlite_schema LIMIT 1') === null;
  if (!isEmpty && application !== schema.applicationId) {
    throw new KosmoError('database_invalid', `${database.path} is a database of another kind.`, {
      details: { path: database.path },
    });
  }
  const known = schema.migrations.length;
  if (version <= known && !hasSameHistory(database, schema, version)) {
    throw new KosmoError('database_invalid', `${database.path} was written by another build of kosmo.`, {
      details: { path: database.path },
    });
  }
  if (version > known) {
    throw new KosmoError(
      'database_invalid',
      `${database.path} has schema version ${version}; this version of kosmo knows ${known}.`,
      {
        hint: 'Use the newer kosmo that wrote it, or name another file; this one was left as it was.',
        details: { path: database.path, version, known },
      },
    );
  }
}

/** Whether the steps a database has seen are the first of these steps. */
function hasSameHistory(database: Database, schema: Schema, version: number): boolean {
  if (version === 0) return true;
  const seen = database.all<{ name: string }>('SELECT name FROM schema_version ORDER BY version');
  return seen.every(({ name }, position) => schema.migrations[position]?.name === name);
}

function versionOf(database: Database): number {
  return database.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}

function applicationOf(database: Database): number {
  return database.get<{ application_id: number }>('PRAGMA application_id')?.application_id ?? 0;
}
