import type { Database } from '../../sqlite/index.ts';
import type { Clock } from './clock.ts';

/**
 * A clock that people can move. How far is kept in the database and read each time, which takes microseconds, so that
 * one process moves the clock of all.
 */
export class MovableClock implements Clock {
  readonly #base: Clock;
  readonly #database: Database;

  constructor(base: Clock, database: Database) {
    this.#base = base;
    this.#database = database;
  }

  now(): number {
    return this.#base.now() + this.ahead;
  }

  /** How far it is ahead of the clock beneath, in milliseconds. */
  get ahead(): number {
    return this.#database.get<{ ahead: number }>('SELECT ahead FROM clock WHERE id = 1')?.ahead ?? 0;
  }

  advance(milliseconds: number): void {
    this.#database.run('UPDATE clock SET ahead = ahead + ? WHERE id = 1', [milliseconds]);
  }

  /** Makes it this moment now; it goes on from there. */
  set(time: number): void {
    this.#database.run('UPDATE clock SET ahead = ? WHERE id = 1', [time - this.#base.now()]);
  }

  reset(): void {
    this.#database.run('UPDATE clock SET ahead = 0 WHERE id = 1');
  }
}
