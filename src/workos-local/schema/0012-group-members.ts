import type { Migration } from '../../sqlite/index.ts';

export const groupMembers: Migration = {
  name: 'group members',
  sql: `
    CREATE TABLE group_members (
      group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
      organization_membership_id TEXT NOT NULL REFERENCES organization_memberships (id) ON DELETE CASCADE,
      created_at TEXT NOT NULL,
      PRIMARY KEY (group_id, organization_membership_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX group_members_by_membership ON group_members (organization_membership_id, group_id);
  `,
};
