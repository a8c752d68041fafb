import type { Migration } from '../../sqlite/index.ts';

export const invitations: Migration = {
  name: 'invitations',
  sql: `
    CREATE TABLE invitations (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      email TEXT NOT NULL,
      email_key TEXT NOT NULL,
      -- Null for an invitation to the application. An organization takes its invitations with it.
      organization_id TEXT REFERENCES organizations (id),
      role_slug TEXT,
      -- The membership it is about, once there is one. No foreign key: an invitation outlives it, and users too.
      organization_membership_id TEXT,
      inviter_user_id TEXT,
      accepted_user_id TEXT,
      -- Expiry is no state: it is told by the clock.
      state TEXT NOT NULL,
      token TEXT NOT NULL,
      valid_days INTEGER NOT NULL,
      expires_at TEXT NOT NULL,
      accepted_at TEXT,
      revoked_at TEXT,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX invitations_by_time ON invitations (environment_id, created_at, id);
    CREATE INDEX invitations_by_email ON invitations (environment_id, email_key, created_at, id);
    CREATE INDEX invitations_by_organization ON invitations (organization_id, created_at, id);
    CREATE INDEX invitations_by_membership ON invitations (organization_membership_id);
    CREATE UNIQUE INDEX invitations_by_token ON invitations (environment_id, token);
  `,
};
