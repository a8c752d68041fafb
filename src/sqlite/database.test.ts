import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf } from '../support/errors.ts';
import { Database, isUniqueViolation, type Migration, migrate, type Schema } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kosmo-sqlite-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function failureFrom(work: () => unknown) {
  try {
    work();
  } catch (error) {
    return failureOf(error);
  }
  throw new Error('nothing was thrown');
}

const notes = {
  name: 'notes',
  sql: 'CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT',
};
const tags = {
  name: 'tags',
  sql: 'CREATE TABLE tag (note_id INTEGER NOT NULL REFERENCES note (id) ON DELETE CASCADE) STRICT',
};
const now = '2026-01-01T00:00:00.000Z';
const schema = (...migrations: Migration[]): Schema => ({ applicationId: 7, migrations });

describe('opening a database', () => {
  it('makes the file and the folders above it', () => {
    const path = join(folder, 'a', 'b', 'data.db');
    Database.open(path).close();
    expect(existsSync(path)).toBe(true);
  });

  it('refuses a file that is no database, and leaves it as it was', () => {
    const path = join(folder, 'letter.txt');
    const text = 'Dear reader, this is a letter and no database at all. '.repeat(40);
    writeFileSync(path, text);
    const failure = failureFrom(() => Database.open(path));
    expect(failure.code).toBe('database_invalid');
    expect(failure.message).toContain(path);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('says home_unusable when a file stands where the folder should be', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(failureFrom(() => Database.open(join(folder, 'file', 'data.db'))).code).toBe('home_unusable');
  });

  it('says home_unusable when a folder has the name of the file', () => {
    expect(failureFrom(() => Database.open(folder)).code).toBe('home_unusable');
  });

  // Root may write anywhere, so the refusal cannot be seen as root.
  it.skipIf(process.getuid?.() === 0)('says home_unusable when the folder is read-only', () => {
    chmodSync(folder, 0o500);
    const failure = failureFrom(() => Database.open(join(folder, 'data.db')));
    chmodSync(folder, 0o700);
    expect(failure.code).toBe('home_unusable');
  });
});

describe('migrations', () => {
  it('are applied once, in order, and recorded', () => {
    const path = join(folder, 'data.db');
    const first = Database.open(path);
    expect(migrate(first, schema(notes), now)).toBe(1);
    first.close();
    const second = Database.open(path);
    expect(migrate(second, schema(notes, tags), now)).toBe(1);
    expect(migrate(second, schema(notes, tags), now)).toBe(0);
    expect(
      second.all<{ name: string }>('SELECT name FROM schema_version ORDER BY version').map((row) => row.name),
    ).toEqual(['notes', 'tags']);
    second.close();
  });

  it('refuse a database that a newer version wrote, and leave it as it was', () => {
    const database = Database.open(':memory:');
    migrate(database, schema(notes, tags), now);
    const failure = failureFrom(() => migrate(database, schema(notes), now));
    expect(failure.code).toBe('database_invalid');
    expect(failure.message).toContain('version 2');
    expect(migrate(database, schema(notes, tags), now)).toBe(0);
  });

  it('refuse a database of another program, though its version should fit, and leave it as it was', () => {
    const path = join(folder, 'songs.db');
    const songs = Database.open(path);
    songs.execute('CREATE TABLE song (title TEXT); PRAGMA user_version = 1');
    songs.close();
    const before = readFileSync(path);
    const database = Database.open(path);
    expect(failureFrom(() => migrate(database, schema(notes), now)).code).toBe('database_invalid');
    expect(failureFrom(() => migrate(database, schema(notes, tags), now)).code).toBe('database_invalid');
    database.close();
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('refuse a database that came to its version by other steps', () => {
    const database = Database.open(':memory:');
    migrate(database, schema(notes), now);
    expect(failureFrom(() => migrate(database, schema(tags, notes), now)).code).toBe('database_invalid');
  });

  it('leave nothing behind when a step fails', () => {
    const database = Database.open(':memory:');
    expect(() =>
      migrate(database, schema(notes, { name: 'broken', sql: 'CREATE TABLE note (id)' }), now),
    ).toThrow();
    expect(migrate(database, schema(notes), now)).toBe(1);
  });
});

describe('transactions', () => {
  it('keep all of their work or none of it', () => {
    const database = Database.open(':memory:');
    migrate(database, schema(notes), now);
    database.write(() => database.run('INSERT INTO note (text) VALUES (?)', ['kept']));
    expect(() =>
      database.write(() => {
        database.run('INSERT INTO note (text) VALUES (?)', ['lost']);
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(database.all('SELECT text FROM note')).toHaveLength(1);
  });

  it('of two connections see each other only when committed', () => {
    const path = join(folder, 'data.db');
    const writer = Database.open(path);
    const reader = Database.open(path);
    migrate(writer, schema(notes), now);
    const count = () => reader.get<{ n: number }>('SELECT count(*) AS n FROM note')?.n;
    writer.write(() => {
      writer.run('INSERT INTO note (text) VALUES (?)', ['one']);
      expect(count()).toBe(0);
    });
    expect(count()).toBe(1);
    writer.close();
    reader.close();
  });

  it('hold foreign keys and tell a doubled value from other failures', () => {
    const database = Database.open(':memory:');
    migrate(database, schema(notes, tags), now);
    expect(() => database.run('INSERT INTO tag (note_id) VALUES (?)', [7])).toThrow();
    database.run('INSERT INTO note (text) VALUES (?)', ['one']);
    let thrown: unknown;
    try {
      database.run('INSERT INTO note (text) VALUES (?)', ['one']);
    } catch (error) {
      thrown = error;
    }
    expect(isUniqueViolation(thrown)).toBe(true);
    expect(isUniqueViolation(new Error('other'))).toBe(false);
  });
});
