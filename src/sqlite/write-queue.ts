import { systemErrorCode } from '../support/errors.ts';
import type { Database } from './database.ts';

// Taken as this is loaded: a test suite that has the server in its process may replace the clocks of its globals.
const atEndOfTurn = setImmediate;

/** A write that waits, and who waits for it. */
interface Waiting {
  /** What it comes to: `settle` it once it has been kept. */
  readonly attempt: () => unknown;
  readonly keep: (result: unknown) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Writes that share a transaction. All that is added in one turn of the event loop is committed together, which
 * costs little more than to commit one: each still has all of its work kept or, when it throws, none of it, and is
 * told so only after the commit.
 */
export class WriteQueue {
  readonly #database: Database;
  #waiting: Waiting[] = [];

  constructor(database: Database) {
    this.#database = database;
  }

  /** Runs `work` as `Database.write` does, after what was added before it, and resolves once it is kept. */
  add<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#waiting.length === 0) atEndOfTurn(() => this.#run());
      this.#waiting.push({ attempt: work, keep: (result) => resolve(result as T), fail: reject });
    });
  }

  #run(): void {
    const together = this.#waiting;
    this.#waiting = [];
    if (together.length > 1 && this.#runTogether(together)) return;
    for (const one of together) {
      try {
        one.keep(this.#database.write(one.attempt));
      } catch (error) {
        one.fail(error);
      }
    }
  }

  /** @returns false when the transaction itself failed, and nothing was kept: then each is to be tried alone */
  #runTogether(together: readonly Waiting[]): boolean {
    let settle: (() => void)[];
    try {
      settle = this.#database.write(() => together.map((one) => this.#attempt(one)));
    } catch (error) {
      if (systemErrorCode(error) !== 'SQLITE_BUSY') return false;
      // Another process has been writing for as long as anybody waits: none of them gets further by waiting again.
      settle = together.map(
        ({ fail }) =>
          () =>
            fail(error),
      );
    }
    for (const each of settle) each();
    return true;
  }

  /** @returns what tells who waits, to be done after the commit */
  #attempt({ attempt, keep, fail }: Waiting): () => void {
    try {
      const result = this.#database.part(attempt);
      return () => keep(result);
    } catch (error) {
      // It has taken the transaction with it, as a full disk does.
      if (!this.#database.isInTransaction) throw error;
      return () => fail(error);
    }
  }
}
