import type { Migration } from '../../sqlite/index.ts';

export const connections: Migration = {
  name: 'connections',
  sql: `
    -- An organization is not deleted before its connections are: each has an event to be told.
    CREATE TABLE connections (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      -- Null for a social provider's connection, which everybody in the environment may use.
      organization_id TEXT REFERENCES organizations (id),
      connection_type TEXT NOT NULL,
      name TEXT NOT NULL,
      state TEXT NOT NULL,
      external_key TEXT NOT NULL,
      signing_cert TEXT,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX connections_by_time ON connections (environment_id, created_at, id);
    CREATE INDEX connections_by_organization ON connections (organization_id, created_at, id);
  `,
};
