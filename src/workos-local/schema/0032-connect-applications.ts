import type { Migration } from '../../sqlite/index.ts';

export const connectApplications: Migration = {
  name: 'connect applications',
  sql: `
    CREATE TABLE connect_applications (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      client_id TEXT NOT NULL UNIQUE,
      application_type TEXT NOT NULL,
      name TEXT NOT NULL,
      description TEXT,
      -- JSON, as are the redirect URIs: nobody looks for one of them.
      scopes TEXT NOT NULL,
      redirect_uris TEXT NOT NULL,
      uses_pkce INTEGER NOT NULL,
      is_first_party INTEGER NOT NULL,
      -- Null for a first-party application. Its applications go with an organization, without a word.
      organization_id TEXT REFERENCES organizations (id) ON DELETE CASCADE,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX connect_applications_by_time ON connect_applications (environment_id, created_at, id);
    CREATE INDEX connect_applications_by_organization ON connect_applications (organization_id);

    CREATE TABLE connect_client_secrets (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      application_id TEXT NOT NULL REFERENCES connect_applications (id) ON DELETE CASCADE,
      secret_hash TEXT NOT NULL,
      secret_hint TEXT NOT NULL,
      last_used_at TEXT,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX connect_client_secrets_by_application ON connect_client_secrets (application_id, created_at, id);

    -- That a user lets an application act for them; without it none of its tokens is worth anything.
    CREATE TABLE authorized_applications (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      application_id TEXT NOT NULL REFERENCES connect_applications (id) ON DELETE CASCADE,
      -- The organization the user acts for; null where they act for themselves.
      organization_id TEXT REFERENCES organizations (id) ON DELETE CASCADE,
      granted_scopes TEXT NOT NULL,
      oauth_resource TEXT,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX authorized_applications_by_user ON authorized_applications (user_id, application_id);
    CREATE INDEX authorized_applications_by_application ON authorized_applications (application_id);
    CREATE INDEX authorized_applications_by_organization ON authorized_applications (organization_id);
  `,
};
