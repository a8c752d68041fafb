import type { Migration } from '../../sqlite/index.ts';

export const foundation: Migration = {
  name: 'foundation',
  sql: `
    CREATE TABLE environments (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      client_id TEXT NOT NULL UNIQUE,
      api_key_hash TEXT NOT NULL UNIQUE,
      created_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE events (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      event TEXT NOT NULL,
      organization_id TEXT,
      data TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX events_by_time ON events (environment_id, created_at, id);

    CREATE TABLE idempotency_keys (
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      operation TEXT NOT NULL,
      key TEXT NOT NULL,
      request_hash TEXT NOT NULL,
      status INTEGER NOT NULL,
      body TEXT NOT NULL,
      created_at TEXT NOT NULL,
      PRIMARY KEY (environment_id, operation, key)
    ) STRICT, WITHOUT ROWID;
  `,
};
