import type { Migration } from '../../sqlite/index.ts';

const rootOf = (organization: string) => `
  SELECT 'authz_resource_' || substr(${organization}.id, 5), ${organization}.environment_id, ${organization}.id,
    NULL, 'organization', ${organization}.id, ${organization}.name, NULL,
    ${organization}.created_at, ${organization}.updated_at`;

export const authorizationResources: Migration = {
  name: 'authorization resources',
  sql: `
    CREATE TABLE authorization_resources (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
      -- Null for the root of an organization's tree, which is the organization itself.
      parent_resource_id TEXT REFERENCES authorization_resources (id) ON DELETE CASCADE,
      resource_type_slug TEXT NOT NULL,
      external_id TEXT NOT NULL,
      name TEXT NOT NULL,
      description TEXT,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX authorization_resources_by_time ON authorization_resources (environment_id, created_at, id);
    CREATE UNIQUE INDEX authorization_resources_by_external_id
      ON authorization_resources (organization_id, resource_type_slug, external_id);
    -- Roots are found by their organization; what every organization pays for is kept short.
    CREATE INDEX authorization_resources_by_parent ON authorization_resources (parent_resource_id, created_at, id)
      WHERE parent_resource_id IS NOT NULL;
    CREATE INDEX authorization_resources_by_type
      ON authorization_resources (environment_id, resource_type_slug, created_at, id)
      WHERE parent_resource_id IS NOT NULL;
    CREATE INDEX authorization_resources_by_any_external_id ON authorization_resources (environment_id, external_id)
      WHERE parent_resource_id IS NOT NULL;

    -- An organization's resource lives and is named as the organization is, whoever makes or renames that.
    INSERT INTO authorization_resources ${rootOf('organizations')} FROM organizations;
    CREATE TRIGGER organizations_have_resources AFTER INSERT ON organizations BEGIN
      INSERT INTO authorization_resources ${rootOf('NEW')};
    END;
    CREATE TRIGGER organizations_name_resources AFTER UPDATE OF name ON organizations WHEN NEW.name <> OLD.name BEGIN
      UPDATE authorization_resources SET name = NEW.name, updated_at = NEW.updated_at
      WHERE organization_id = NEW.id AND parent_resource_id IS NULL;
    END;

    -- The roles members have on resources. Those on the organization's own are the roles of the membership.
    CREATE TABLE role_assignments (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      organization_membership_id TEXT NOT NULL REFERENCES organization_memberships (id) ON DELETE CASCADE,
      role_id TEXT NOT NULL REFERENCES roles (id),
      resource_id TEXT NOT NULL REFERENCES authorization_resources (id) ON DELETE CASCADE,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX role_assignments_by_membership
      ON role_assignments (organization_membership_id, resource_id, role_id);
    CREATE INDEX role_assignments_by_time ON role_assignments (organization_membership_id, created_at, id);
    CREATE INDEX role_assignments_by_resource ON role_assignments (resource_id, created_at, id);
    CREATE INDEX role_assignments_by_role ON role_assignments (role_id);

    -- The ids tell when the membership was made; the rest of them is the role's digit and the ends of both ids.
    INSERT INTO role_assignments
      SELECT 'role_assignment_' || substr(membership.id, 4, 10) || substr(has.role_id, 16, 1)
          || substr(has.role_id, -7) || substr(membership.id, -8),
        membership.environment_id, membership.id, has.role_id, root.id, membership.created_at, membership.created_at
      FROM organization_membership_roles AS has
      JOIN organization_memberships AS membership ON membership.id = has.organization_membership_id
      JOIN authorization_resources AS root
        ON root.organization_id = membership.organization_id AND root.parent_resource_id IS NULL;
    DROP TABLE organization_membership_roles;
  `,
};
