import type { Migration } from '../../sqlite/index.ts';

export const redirects: Migration = {
  name: 'redirects',
  sql: `
    CREATE TABLE redirect_uris (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      uri TEXT NOT NULL,
      is_default INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX redirect_uris_by_uri ON redirect_uris (environment_id, uri);

    CREATE TABLE cors_origins (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      origin TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX cors_origins_by_origin ON cors_origins (environment_id, origin);
  `,
};
