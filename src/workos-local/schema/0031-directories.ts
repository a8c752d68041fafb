import type { Migration } from '../../sqlite/index.ts';

export const directories: Migration = {
  name: 'directories',
  sql: `
    -- An organization is not deleted before its directories are: each has an event to be told. What is in a directory
    -- goes with it, without a word.
    CREATE TABLE directories (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      organization_id TEXT NOT NULL REFERENCES organizations (id),
      type TEXT NOT NULL,
      state TEXT NOT NULL,
      name TEXT NOT NULL,
      external_key TEXT NOT NULL,
      bearer_token_hash TEXT NOT NULL,
      -- Whether users who are switched off stay, as inactive ones; by default they are deleted.
      keeps_inactive_users INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX directories_by_time ON directories (environment_id, created_at, id);
    CREATE INDEX directories_by_organization ON directories (organization_id, created_at, id);

    CREATE TABLE directory_users (
      id TEXT PRIMARY KEY,
      -- The provider's name for it. One who was switched off and comes back is a new user to the API, but not to SCIM.
      scim_id TEXT NOT NULL UNIQUE,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      directory_id TEXT NOT NULL REFERENCES directories (id) ON DELETE CASCADE,
      organization_id TEXT NOT NULL,
      idp_id TEXT NOT NULL,
      username TEXT,
      -- In lower case: two users of a directory may not differ in case alone.
      username_key TEXT,
      email TEXT,
      state TEXT NOT NULL,
      -- Switched off by the provider, and so deleted for the API.
      is_deleted INTEGER NOT NULL,
      first_name TEXT,
      last_name TEXT,
      name TEXT,
      -- The user as the provider sent it, and what is mapped from it.
      raw_attributes TEXT NOT NULL,
      custom_attributes TEXT NOT NULL,
      -- Counts changes; an ETag is made of it.
      version INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX directory_users_by_idp_id ON directory_users (directory_id, idp_id);
    CREATE UNIQUE INDEX directory_users_by_username ON directory_users (directory_id, username_key);
    CREATE INDEX directory_users_by_time ON directory_users (directory_id, created_at, id);

    CREATE TABLE directory_groups (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      directory_id TEXT NOT NULL REFERENCES directories (id) ON DELETE CASCADE,
      organization_id TEXT NOT NULL,
      idp_id TEXT NOT NULL,
      name TEXT NOT NULL,
      raw_attributes TEXT NOT NULL,
      version INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX directory_groups_by_idp_id ON directory_groups (directory_id, idp_id);
    CREATE INDEX directory_groups_by_time ON directory_groups (directory_id, created_at, id);

    CREATE TABLE directory_group_members (
      directory_group_id TEXT NOT NULL REFERENCES directory_groups (id) ON DELETE CASCADE,
      directory_user_id TEXT NOT NULL REFERENCES directory_users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      PRIMARY KEY (directory_group_id, directory_user_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX directory_group_members_by_user ON directory_group_members (directory_user_id);
  `,
};
