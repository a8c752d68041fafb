import type { Migration } from '../../sqlite/index.ts';

export const apiKeys: Migration = {
  name: 'api keys',
  sql: `
    CREATE TABLE api_keys (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
      -- Null for a key of the organization itself. No foreign key: a user's keys are revoked before the user goes.
      user_id TEXT,
      name TEXT NOT NULL,
      value_hash TEXT NOT NULL,
      obfuscated_value TEXT NOT NULL,
      permissions TEXT NOT NULL,
      last_used_at TEXT,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX api_keys_by_value ON api_keys (environment_id, value_hash);
    CREATE INDEX api_keys_by_organization ON api_keys (organization_id, created_at, id);
    CREATE INDEX api_keys_by_user ON api_keys (user_id, created_at, id);

    CREATE TABLE audit_log_settings (
      organization_id TEXT PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
      retention_period_in_days INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
