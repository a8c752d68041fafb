import type { Migration } from '../../sqlite/index.ts';

export const radar: Migration = {
  name: 'radar',
  sql: `
    CREATE TABLE radar_list_entries (
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      type TEXT NOT NULL,
      action TEXT NOT NULL,
      -- As it is compared: what has no case is in lower case.
      entry TEXT NOT NULL,
      created_at TEXT NOT NULL,
      PRIMARY KEY (environment_id, type, action, entry)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE radar_attempts (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      -- JSON: what was asked about.
      request TEXT NOT NULL,
      verdict TEXT NOT NULL,
      reason TEXT NOT NULL,
      control TEXT,
      blocklist_type TEXT,
      challenge_status TEXT,
      attempt_status TEXT,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX radar_attempts_by_time ON radar_attempts (environment_id, created_at, id);
  `,
};
