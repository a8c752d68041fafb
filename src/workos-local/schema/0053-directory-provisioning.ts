import type { Migration } from '../../sqlite/index.ts';

export const directoryProvisioning: Migration = {
  name: 'directory provisioning',
  sql: `
    -- The membership that a directory user was made a member by; null where directories make none.
    ALTER TABLE directory_users ADD COLUMN organization_membership_id TEXT
      REFERENCES organization_memberships (id) ON DELETE SET NULL;
    CREATE INDEX directory_users_by_membership ON directory_users (organization_membership_id)
      WHERE organization_membership_id IS NOT NULL;
  `,
};
