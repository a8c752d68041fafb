import type { Migration } from '../../sqlite/index.ts';

/** What people and tests steer the server with. In the database, so that every process that serves it sees it. */
export const control: Migration = {
  name: 'control',
  sql: `
    CREATE TABLE clock (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      -- Milliseconds ahead of the machine's clock.
      ahead INTEGER NOT NULL
    ) STRICT;
    INSERT INTO clock (id, ahead) VALUES (1, 0);

    CREATE TABLE faults (
      id TEXT PRIMARY KEY,
      -- Null: in all of them.
      environment_id TEXT REFERENCES environments (id) ON DELETE CASCADE,
      -- The full name of an operation; null: any.
      operation TEXT,
      status INTEGER,
      -- Seconds.
      retry_after INTEGER,
      -- Milliseconds.
      latency INTEGER NOT NULL,
      drops TEXT,
      -- How many more requests meet it; null: all.
      remaining INTEGER,
      created_at TEXT NOT NULL
    ) STRICT;

    -- Processes that serve this file over HTTP.
    CREATE TABLE servers (
      url TEXT PRIMARY KEY,
      pid INTEGER NOT NULL,
      started_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
