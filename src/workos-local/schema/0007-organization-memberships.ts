import type { Migration } from '../../sqlite/index.ts';

/**
 * The roles every environment has from the start, made with it whoever makes it. Their ids come from the
 * environment's: the eleventh digit of its ULID is never as high as these.
 */
export const standardRoles = `
  SELECT 'role_' || substr(environment.id, 13, 10) || standard.digit || substr(environment.id, 24),
    environment.id, NULL, standard.slug, standard.name, standard.description, 'organization',
    standard.priority, standard.slug = 'member', environment.created_at, environment.created_at
  FROM (
    SELECT 'R' AS digit, 'admin' AS slug, 'Admin' AS name, 'May do everything' AS description, 0 AS priority
    UNION ALL SELECT 'S', 'member', 'Member', 'The role of those who have no other', 1
  ) AS standard`;

export const organizationMemberships: Migration = {
  name: 'organization memberships',
  sql: `
    CREATE TABLE roles (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      -- Null for a role of the environment, which every organization has.
      organization_id TEXT REFERENCES organizations (id) ON DELETE CASCADE,
      slug TEXT NOT NULL,
      name TEXT NOT NULL,
      description TEXT,
      resource_type_slug TEXT NOT NULL,
      -- The lowest number goes first.
      priority INTEGER NOT NULL,
      is_default INTEGER NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX roles_by_slug ON roles (environment_id, coalesce(organization_id, ''), slug);

    INSERT INTO roles ${standardRoles}, environments AS environment;
    CREATE TRIGGER environments_have_roles AFTER INSERT ON environments BEGIN
      INSERT INTO roles ${standardRoles}, (SELECT NEW.id AS id, NEW.created_at AS created_at) AS environment;
    END;

    -- A user or an organization is not deleted before its memberships are: each has an event to be told.
    CREATE TABLE organization_memberships (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      user_id TEXT NOT NULL REFERENCES users (id),
      organization_id TEXT NOT NULL REFERENCES organizations (id),
      status TEXT NOT NULL,
      directory_managed INTEGER NOT NULL,
      custom_attributes TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX organization_memberships_by_organization ON organization_memberships (organization_id, user_id);
    CREATE INDEX organization_memberships_by_user ON organization_memberships (user_id, created_at, id);
    CREATE INDEX organization_memberships_by_time ON organization_memberships (organization_id, created_at, id);

    CREATE TABLE organization_membership_roles (
      organization_membership_id TEXT NOT NULL REFERENCES organization_memberships (id) ON DELETE CASCADE,
      role_id TEXT NOT NULL REFERENCES roles (id),
      PRIMARY KEY (organization_membership_id, role_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX organization_membership_roles_by_role ON organization_membership_roles (role_id);
  `,
};
