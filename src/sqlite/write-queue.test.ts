import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Database, migrate, WriteQueue } from './index.ts';

let folder: string;
let database: Database;
let other: Database;
let queue: WriteQueue;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kosmo-queue-'));
  database = Database.open(join(folder, 'data.db'));
  const sql = 'CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT';
  migrate(database, { applicationId: 7, migrations: [{ name: 'notes', sql }] }, '2026-01-01T00:00:00.000Z');
  other = Database.open(database.path);
  queue = new WriteQueue(database);
});
afterEach(() => {
  vi.useRealTimers();
  database.close();
  other.close();
  rmSync(folder, { recursive: true, force: true });
});

const note = (text: string) => () => database.run('INSERT INTO note (text) VALUES (?)', [text]);
/** What another connection sees: what has been committed. */
const committed = () =>
  other.all<{ text: string }>('SELECT text FROM note ORDER BY id').map(({ text }) => text);

describe('writes of one turn of the event loop', () => {
  it('are committed together, in their order, before any of them is told', async () => {
    const seen = await Promise.all(['a', 'b', 'c'].map((text) => queue.add(note(text)).then(committed)));
    expect(seen).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
  });

  it('resolve with what they return', async () => {
    expect(await Promise.all([queue.add(() => 'one'), queue.add(() => 2)])).toEqual(['one', 2]);
  });

  it('leave nothing of one that throws, and all of the others', async () => {
    const outcomes = await Promise.allSettled([
      queue.add(note('first')),
      queue.add(() => {
        note('half')();
        throw new Error('stop');
      }),
      queue.add(note('first')),
      queue.add(note('last')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { message: 'stop' } });
    expect(committed()).toEqual(['first', 'last']);
  });

  it('are tried one by one when the transaction itself has failed', async () => {
    const outcomes = await Promise.allSettled([
      queue.add(note('before')),
      queue.add(() => {
        note('lost')();
        // As SQLite does by itself when the disk is full.
        database.execute('ROLLBACK');
        throw new Error('full');
      }),
      queue.add(note('after')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(committed()).toEqual(['before', 'after']);
  });
});

it('writes that another process keeps waiting for too long fail together, and the next ones go on', async () => {
  database.execute('PRAGMA busy_timeout = 1');
  const writes = vi.spyOn(database, 'write');
  other.execute('BEGIN IMMEDIATE');
  const outcomes = await Promise.allSettled([queue.add(note('one')), queue.add(note('two'))]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(writes).toHaveBeenCalledTimes(1);
  other.execute('ROLLBACK');
  await queue.add(note('kept'));
  expect(committed()).toEqual(['kept']);
});

it('a write that comes alone is kept, or undone when it throws', async () => {
  await queue.add(note('kept'));
  await expect(
    queue.add(() => {
      note('lost')();
      throw new Error('stop');
    }),
  ).rejects.toThrow('stop');
  expect(committed()).toEqual(['kept']);
});

it('a write goes on although a test suite has replaced the clocks of the process', async () => {
  vi.useFakeTimers();
  await queue.add(note('kept'));
  expect(committed()).toEqual(['kept']);
});
