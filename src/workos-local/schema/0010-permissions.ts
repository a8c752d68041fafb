import type { Migration } from '../../sqlite/index.ts';
import { standardRoles } from './0007-organization-memberships.ts';

/**
 * What every environment has beside its roles: the type at the root of every tree, and the permissions of WorkOS's
 * own widgets, all of which the admin role has. Ids come from the environment's, as those of the standard roles do.
 */
const standardPermissions = `
  SELECT 'perm_' || substr(environment.id, 13, 10) || standard.digit || substr(environment.id, 24), environment.id,
    'widgets:' || standard.subject || ':manage', standard.name, standard.description, 1, 'organization',
    environment.created_at, environment.created_at
  FROM (
    SELECT 'G' AS digit, 'users-table' AS subject, 'Manage users' AS name, 'Use the users widget' AS description
    UNION ALL SELECT 'H', 'domain-verification', 'Manage domains', 'Use the domain verification widget'
    UNION ALL SELECT 'J', 'sso', 'Manage single sign-on', 'Use the single sign-on widget'
    UNION ALL SELECT 'K', 'api-keys', 'Manage API keys', 'Use the API keys widget'
    UNION ALL SELECT 'M', 'dsync', 'Manage directory sync', 'Use the directory sync widget'
    UNION ALL SELECT 'N', 'audit-log-streaming', 'Manage audit log streaming', 'Use the audit log streaming widget'
  ) AS standard`;

const organizationType = `
  SELECT environment.id, 'organization', 'Organization', NULL, environment.created_at, environment.created_at FROM`;

const adminGrants = `
  SELECT roles.id, permissions.id FROM roles JOIN permissions ON permissions.environment_id = roles.environment_id
  WHERE roles.slug = 'admin' AND roles.organization_id IS NULL AND permissions.system = 1`;

const newEnvironment = '(SELECT NEW.id AS id, NEW.created_at AS created_at) AS environment';

export const permissions: Migration = {
  name: 'permissions',
  sql: `
    -- The dashboard's part of WorkOS: which kinds of resources there are, and which may stand below which.
    CREATE TABLE resource_types (
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      slug TEXT NOT NULL,
      name TEXT NOT NULL,
      description TEXT,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL,
      PRIMARY KEY (environment_id, slug)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE resource_type_parents (
      environment_id TEXT NOT NULL,
      slug TEXT NOT NULL,
      parent_slug TEXT NOT NULL,
      PRIMARY KEY (environment_id, slug, parent_slug),
      FOREIGN KEY (environment_id, slug) REFERENCES resource_types (environment_id, slug) ON DELETE CASCADE,
      FOREIGN KEY (environment_id, parent_slug) REFERENCES resource_types (environment_id, slug)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX resource_type_parents_by_parent ON resource_type_parents (environment_id, parent_slug);

    CREATE TABLE permissions (
      id TEXT PRIMARY KEY,
      environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
      slug TEXT NOT NULL,
      name TEXT NOT NULL,
      description TEXT,
      system INTEGER NOT NULL,
      resource_type_slug TEXT NOT NULL,
      created_at TEXT NOT NULL,
      updated_at TEXT NOT NULL
    ) STRICT;
    CREATE INDEX permissions_by_time ON permissions (environment_id, created_at, id);
    CREATE UNIQUE INDEX permissions_by_slug ON permissions (environment_id, slug);

    CREATE TABLE role_permissions (
      role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
      permission_id TEXT NOT NULL REFERENCES permissions (id) ON DELETE CASCADE,
      PRIMARY KEY (role_id, permission_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX role_permissions_by_permission ON role_permissions (permission_id);

    INSERT INTO resource_types ${organizationType} environments AS environment;
    INSERT INTO permissions ${standardPermissions}, environments AS environment;
    INSERT INTO role_permissions ${adminGrants};

    -- One trigger, for triggers of the same event run in no order one may count on.
    DROP TRIGGER environments_have_roles;
    CREATE TRIGGER environments_have_standards AFTER INSERT ON environments BEGIN
      INSERT INTO roles ${standardRoles}, ${newEnvironment};
      INSERT INTO resource_types ${organizationType} ${newEnvironment};
      INSERT INTO permissions ${standardPermissions}, ${newEnvironment};
      INSERT INTO role_permissions ${adminGrants} AND roles.environment_id = NEW.id;
    END;
  `,
};
