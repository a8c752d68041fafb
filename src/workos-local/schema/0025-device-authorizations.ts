import type { Migration } from '../../sqlite/index.ts';

export const deviceAuthorizations: Migration = {
  name: 'device authorizations',
  sql: `
    CREATE TABLE device_authorizations (
      device_code_hash TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      user_code TEXT NOT NULL,
      state TEXT NOT NULL,
      -- The session of the browser it was confirmed in, once it was.
      session_id TEXT REFERENCES sessions (id) ON DELETE CASCADE,
      -- Seconds between two questions, and the moment of the last one in milliseconds.
      interval INTEGER NOT NULL,
      polled_at INTEGER,
      expires_at TEXT NOT NULL,
      created_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX device_authorizations_by_user_code ON device_authorizations (user_code);
    CREATE INDEX device_authorizations_by_session ON device_authorizations (session_id);
  `,
};
