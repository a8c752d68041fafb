import { join } from 'node:path';
import { Database, migrate, type SqlValue } from '../../sqlite/index.ts';
import { failureOf, KosmoError } from '../../support/errors.ts';
import { timestamp } from '../kit/clock.ts';
import type { PageHost } from '../pages/host.ts';
import { schema } from '../schema/migrations.ts';
import { quoted, replaceRows, stateTables } from './tables.ts';
import { withTemporaryFolder } from './temporary-folder.ts';
import { replaceState } from './transfer.ts';

/** The whole state as JSON: every row of every table, and the form its schema had. */
export interface ExportedState {
  /** The version of this format. */
  readonly kosmo_local_state: 1;
  /** The names of the migrations the schema had seen, in order. */
  readonly schema: readonly string[];
  readonly tables: Readonly<Record<string, readonly ExportedRow[]>>;
}

type ExportedRow = Readonly<Record<string, ExportedValue>>;
/** Bytes as base64. */
type ExportedValue = string | number | null | { readonly $bytes: string };

/** Everything a server keeps, secrets included, on one snapshot of the data. */
export function exportState(host: PageHost): ExportedState {
  const { database } = host;
  return database.read(() => {
    const tables: Record<string, ExportedRow[]> = {};
    for (const [table, columns] of stateTables(database)) {
      const list = columns.map(quoted).join(', ');
      const rows = database.all<Record<string, SqlValue>>(`SELECT ${list} FROM ${quoted(table)}`);
      tables[table] = rows.map((row) =>
        Object.fromEntries(columns.map((column) => [column, exported(row[column] ?? null)])),
      );
    }
    return { kosmo_local_state: 1, schema: schema.migrations.map(({ name }) => name), tables };
  });
}

function exported(value: SqlValue): ExportedValue {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('base64') };
  return typeof value === 'bigint' ? Number(value) : value;
}

/** Whether a value is what `exportState` gave; what is in it is checked when it is loaded. */
export function isExportedState(value: unknown): value is ExportedState {
  return typeof value === 'object' && value !== null && 'kosmo_local_state' in value;
}

/**
 * Makes the state what was exported, also by an older kosmo. All of it, or nothing.
 *
 * @throws KosmoError `seed_invalid`
 */
export function importState(host: PageHost, state: ExportedState): void {
  if (state.kosmo_local_state !== 1 || !Array.isArray(state.schema) || !isRecord(state.tables)) {
    throw new KosmoError('seed_invalid', 'That is no state this version of kosmo knows.');
  }
  const known = schema.migrations.map(({ name }) => name);
  if (state.schema.length === 0 || state.schema.some((name, at) => name !== known[at])) {
    throw new KosmoError('seed_invalid', 'The state was exported by a newer or another kosmo.', {
      hint: 'Load it with the kosmo that exported it.',
    });
  }
  withTemporaryFolder((folder) => {
    const file = join(folder, 'state.db');
    const database = Database.open(file);
    try {
      const then = { ...schema, migrations: schema.migrations.slice(0, state.schema.length) };
      migrate(database, then, timestamp(Date.now()));
      fill(database, state.tables);
      migrate(database, schema, timestamp(Date.now()));
    } catch (error) {
      if (error instanceof KosmoError && error.failure.code === 'seed_invalid') throw error;
      throw new KosmoError('seed_invalid', `The state cannot be loaded: ${failureOf(error).message}.`, {
        cause: error,
      });
    } finally {
      database.close();
    }
    replaceState(host.database, file);
  });
}

function fill(database: Database, tables: ExportedState['tables']): void {
  const there = stateTables(database);
  replaceRows(database, () => {
    for (const table of there.keys()) database.execute(`DELETE FROM ${quoted(table)}`);
    for (const [table, rows] of Object.entries(tables)) {
      const columns = there.get(table);
      if (columns === undefined || !Array.isArray(rows)) {
        throw new KosmoError('seed_invalid', `The state has a table ${table} that is not known.`);
      }
      const sql = `INSERT INTO ${quoted(table)} (${columns.map(quoted).join(', ')})
        VALUES (${columns.map(() => '?').join(', ')})`;
      rows.forEach((row: unknown, at) => {
        if (!isRecord(row)) throw new KosmoError('seed_invalid', `tables.${table}.${at} is no object.`);
        database.run(
          sql,
          columns.map((column) => imported(row[column], `tables.${table}.${at}.${column}`)),
        );
      });
    }
  });
}

function imported(value: unknown, where: string): SqlValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (isRecord(value) && typeof value['$bytes'] === 'string') return Buffer.from(value['$bytes'], 'base64');
  throw new KosmoError('seed_invalid', `${where} is neither text, nor a number, nor bytes.`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
