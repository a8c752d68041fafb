import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type Libsql from 'libsql';
import { KosmoError, systemErrorCode } from '../support/errors.ts';
import { Driver } from './driver.ts';

/** What a column can hold. Booleans are 0 and 1: the driver takes nothing else. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** How long a statement waits for another process's write transaction, in milliseconds. */
const busyTimeout = 10_000;

type Statement = Libsql.Statement;

/**
 * A SQLite database, used synchronously. Statements are prepared on first use and kept by their text, so callers
 * write SQL where it is needed and pay for parsing it once.
 */
export class Database {
  readonly path: string;
  readonly #driver: Libsql.Database;
  readonly #statements = new Map<string, Statement>();

  private constructor(path: string, driver: Libsql.Database) {
    this.path = path;
    this.#driver = driver;
  }

  /**
   * Opens a file, or makes it and its folder; `:memory:` is a database of its own that ends with the process.
   *
   * @throws KosmoError `home_unusable` when the folder or the file cannot be read and written, `database_invalid`
   *   when the file is something else than a database
   */
  static open(path: string): Database {
    if (path !== ':memory:') assertUsable(path);
    let driver: Libsql.Database | null = null;
    try {
      driver = new Driver(path);
      // The last statement reads the file, which is what finds out that it is no database.
      driver.exec(
        `PRAGMA busy_timeout = ${busyTimeout}; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; SELECT 1 FROM sqlite_schema`,
      );
      return new Database(path, driver);
    } catch (error) {
      driver?.close();
      throw openingError(path, error);
    }
  }

  /** The first row, or null. `Row` is the caller's word for what its SQL selects. */
  get<Row>(sql: string, values: readonly SqlValue[] = []): Row | null {
    return (this.#prepare(sql).get(values) as Row | undefined) ?? null;
  }

  all<Row>(sql: string, values: readonly SqlValue[] = []): Row[] {
    return this.#prepare(sql).all(values) as Row[];
  }

  /** Runs a statement that changes rows, and tells how many it changed. */
  run(sql: string, values: readonly SqlValue[] = []): number {
    return this.#prepare(sql).run(values).changes;
  }

  /** Runs SQL that is used once: schema changes and pragmas. It may hold several statements. */
  execute(sql: string): void {
    this.#driver.exec(sql);
  }

  /** Runs `work` on one snapshot of the data. It takes no lock that a writer would wait for. */
  read<T>(work: () => T): T {
    return this.#transaction('BEGIN DEFERRED', work);
  }

  /**
   * Runs `work` as the only writer, this process and others counted: all of it is kept, or nothing when it throws.
   */
  write<T>(work: () => T): T {
    return this.#transaction('BEGIN IMMEDIATE', work);
  }

  /** Runs `work` as a part of the write under way: when it throws, what it did is undone, and the rest goes on. */
  part<T>(work: () => T): T {
    this.#driver.exec('SAVEPOINT part');
    try {
      const result = work();
      this.#driver.exec('RELEASE part');
      return result;
    } catch (error) {
      if (this.#driver.inTransaction) this.#driver.exec('ROLLBACK TO part; RELEASE part');
      throw error;
    }
  }

  /** Whether a transaction is under way; some failures (a full disk) end one. */
  get isInTransaction(): boolean {
    return this.#driver.inTransaction;
  }

  /**
   * Lets readers go on while somebody writes. The file remembers it, so it is asked for when the file is made.
   *
   * SQLite does not wait when two processes ask at once, as it does everywhere else, so the waiting is done here.
   */
  useWriteAheadLog(): void {
    const end = performance.now() + busyTimeout;
    for (;;) {
      try {
        this.#driver.exec('PRAGMA journal_mode = WAL');
        return;
      } catch (error) {
        if (systemErrorCode(error) !== 'SQLITE_BUSY' || performance.now() > end) throw error;
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }

  close(): void {
    this.#statements.clear();
    this.#driver.close();
  }

  #transaction<T>(begin: string, work: () => T): T {
    this.#driver.exec(begin);
    try {
      const result = work();
      this.#driver.exec('COMMIT');
      return result;
    } catch (error) {
      // Some failures (a full disk) have rolled the transaction back already.
      if (this.#driver.inTransaction) this.#driver.exec('ROLLBACK');
      throw error;
    }
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#driver.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Whether a statement failed because a row with the same unique value is there already. */
export function isUniqueViolation(error: unknown): boolean {
  const code = systemErrorCode(error);
  return code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}

function assertUsable(path: string): void {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // SQLite writes its journal beside the file, so the folder must be writable, not the file alone.
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    if (existsSync(path)) accessSync(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new KosmoError('home_unusable', `The database ${path} cannot be read and written.`, {
      details: { path, reason: systemErrorCode(error) },
      cause: error,
    });
  }
}

function openingError(path: string, error: unknown): KosmoError {
  const code = systemErrorCode(error);
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    return new KosmoError('database_invalid', `${path} is not a database, or is damaged.`, {
      details: { path },
      cause: error,
    });
  }
  return new KosmoError('home_unusable', `The database ${path} cannot be opened.`, {
    details: { path, reason: code },
    cause: error,
  });
}
