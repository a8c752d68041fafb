import type { Migration } from '../../sqlite/index.ts';

export const featureFlags: Migration = {
  name: 'feature flags',
  sql: `
    CREATE TABLE feature_flags (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      slug TEXT NOT NULL,
      name TEXT NOT NULL,
      description TEXT,
      -- JSON: who looks after it, or null.
      owner TEXT NOT NULL,
      tags TEXT NOT NULL,
      enabled INTEGER NOT NULL,
      default_value INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX feature_flags_by_time ON feature_flags (environment_id, created_at, id);
    CREATE UNIQUE INDEX feature_flags_by_slug ON feature_flags (environment_id, slug);

    -- Exactly one of the two is named.
    CREATE TABLE feature_flag_targets (
      flag_id TEXT NOT NULL REFERENCES feature_flags (id) ON DELETE CASCADE,
      user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
      organization_id TEXT REFERENCES organizations (id) ON DELETE CASCADE,
      created_at TEXT NOT NULL,
      CHECK ((user_id IS NULL) <> (organization_id IS NULL))
    ) STRICT;
    CREATE UNIQUE INDEX feature_flag_targets_once
      ON feature_flag_targets (flag_id, coalesce(user_id, organization_id));
    CREATE INDEX feature_flag_targets_by_user ON feature_flag_targets (user_id, flag_id);
    CREATE INDEX feature_flag_targets_by_organization ON feature_flag_targets (organization_id, flag_id);
  `,
};
