import type { Migration } from '../../sqlite/index.ts';

export const groups: Migration = {
  name: 'groups',
  sql: `
    CREATE TABLE groups (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      description TEXT,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX groups_by_organization ON groups (organization_id, created_at, id);
  `,
};
