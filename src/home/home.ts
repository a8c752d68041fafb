import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../sqlite/index.ts';
import { KosmoError, systemErrorCode } from '../support/errors.ts';
import { writeWhole } from './write-whole.ts';

/** How long somebody waits for another process to be done, in milliseconds. */
const patience = 15_000;

/** The folder of a user's state, `$KOSMO_HOME`: its files are read and written whole, by one process at a time. */
export class Home {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /**
   * A file's text; null when there is none.
   * @throws KosmoError `home_unusable` when there is one that cannot be read
   */
  read(name: string): string | null {
    try {
      return readFileSync(this.file(name), 'utf8');
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === 'ENOENT') return null;
      throw new KosmoError('home_unusable', `Cannot read ${this.file(name)}: ${reasonOf(code)}.`, {
        details: { path: this.file(name), reason: code },
        cause: error,
      });
    }
  }

  /** What changes whenever a file is written anew; null when there is none. */
  stamp(name: string): string | null {
    try {
      const { mtimeMs, size, ino } = statSync(this.file(name));
      return `${mtimeMs} ${size} ${ino}`;
    } catch {
      return null;
    }
  }

  /**
   * Writes a file whole or not at all, open to nobody else.
   * @throws KosmoError `home_unusable`; the file is what it was then
   */
  write(name: string, text: string): void {
    try {
      mkdirSync(dirname(this.file(name)), { recursive: true, mode: 0o700 });
      writeWhole(this.file(name), text);
    } catch (error) {
      throw this.#unwritable(this.file(name), error);
    }
  }

  /** Gives a file another name, beside it, that no file has; answers with the new path. */
  putAside(name: string, now: Date): string {
    const aside = this.file(`${name}.damaged-${now.toISOString().replaceAll(/[:.]/g, '-')}`);
    try {
      renameSync(this.file(name), aside);
    } catch (error) {
      throw this.#unwritable(this.file(name), error);
    }
    return aside;
  }

  /**
   * Runs `work` while no other process (and nobody else in this one) does the same. The lock is SQLite's on a file that
   * stays empty, so the system gives it back when a process dies, however it dies.
   * @throws KosmoError `home_unusable` when the folder cannot be written to, or stays locked
   */
  async lock<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      mkdirSync(this.path, { recursive: true, mode: 0o700 });
      closeSync(openSync(this.file('lock'), 'a', 0o600));
    } catch (error) {
      throw this.#unwritable(this.path, error);
    }
    const sqlite = await import('../sqlite/index.ts');
    let database: Database;
    try {
      database = sqlite.Database.open(this.file('lock'));
    } catch (error) {
      throw this.#unwritable(this.path, error);
    }
    try {
      database.execute('PRAGMA busy_timeout = 0');
      await this.#acquire(() => database.execute('BEGIN IMMEDIATE'));
      return await work();
    } finally {
      database.close();
    }
  }

  async #acquire(attempt: () => void): Promise<void> {
    const end = performance.now() + patience;
    for (;;) {
      try {
        attempt();
        return;
      } catch (error) {
        const code = systemErrorCode(error);
        if (code !== 'SQLITE_BUSY') throw this.#unwritable(this.file('lock'), error);
        if (performance.now() > end) {
          throw new KosmoError(
            'home_unusable',
            `Another kosmo process has been changing ${this.path} for ${patience / 1000} s.`,
            { hint: 'Wait for it to end, or end it.', cause: error },
          );
        }
      }
      await delay(5 + Math.random() * 20);
    }
  }

  #unwritable(path: string, error: unknown): KosmoError {
    const reason = error instanceof KosmoError ? error.failure.details['reason'] : systemErrorCode(error);
    const code = typeof reason === 'string' ? reason : null;
    return new KosmoError('home_unusable', `Cannot write ${path}: ${reasonOf(code)}. Nothing was changed.`, {
      details: { path, reason: code },
      cause: error,
    });
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'you may not',
  EPERM: 'you may not',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your quota of the disk is used up',
  EFBIG: 'it would be larger than a file may be here',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of the path is a file',
  EEXIST: 'part of the path is a file',
  ELOOP: 'its symbolic links go round in a circle',
  SQLITE_READONLY: 'the disk is read-only',
  SQLITE_FULL: 'the disk is full',
};

function reasonOf(code: string | null): string {
  return code === null ? 'an unknown reason' : (reasons[code] ?? code);
}
