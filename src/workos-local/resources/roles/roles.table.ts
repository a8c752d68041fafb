import type { Context } from '../../kit/context.ts';

/** A role of the environment, or of one organization. */
export interface RoleRow {
  readonly id: string;
  readonly organization_id: string | null;
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  readonly resource_type_slug: string;
  readonly priority: number;
  readonly is_default: 0 | 1;
  readonly created_at: string;
  readonly updated_at: string;
}

/** The role of this name that an organization's members can have: the environment's, or its own. */
export function roleOfOrganization(context: Context, organizationId: string, slug: string): RoleRow | null {
  return context.database.get<RoleRow>(
    `SELECT * FROM roles WHERE environment_id = ? AND slug = ?
       AND (organization_id IS NULL OR organization_id = ?) AND resource_type_slug = 'organization'`,
    [context.environment.id, slug, organizationId],
  );
}

/** What the members of an organization are when nothing else was said: its own default, or the environment's. */
export function defaultRole(context: Context, organizationId: string): RoleRow {
  const row = context.database.get<RoleRow>(
    `SELECT * FROM roles WHERE environment_id = ? AND is_default = 1
       AND (organization_id IS NULL OR organization_id = ?)
     ORDER BY organization_id IS NULL LIMIT 1`,
    [context.environment.id, organizationId],
  );
  if (row === null) throw new Error('Every environment has a default role.');
  return row;
}

/** A role of the environment, for any type of resource. */
export function environmentRole(context: Context, slug: string): RoleRow | null {
  return context.database.get<RoleRow>(
    `SELECT * FROM roles WHERE environment_id = ? AND coalesce(organization_id, '') = '' AND slug = ?`,
    [context.environment.id, slug],
  );
}

/** A role an organization made for itself. */
export function ownRoleOfOrganization(
  context: Context,
  organizationId: string,
  slug: string,
): RoleRow | null {
  return context.database.get<RoleRow>(
    `SELECT * FROM roles WHERE environment_id = ? AND coalesce(organization_id, '') = ? AND slug = ?`,
    [context.environment.id, organizationId, slug],
  );
}

/** Every role of this slug: the environment's, or those that organizations made. */
export function rolesOfSlug(context: Context, slug: string): RoleRow[] {
  return context.database.all<RoleRow>('SELECT * FROM roles WHERE environment_id = ? AND slug = ?', [
    context.environment.id,
    slug,
  ]);
}

/** The roles of the environment, with an organization those of its own as well, the highest first. */
export function rolesInOrder(context: Context, organizationId: string | null): RoleRow[] {
  return context.database.all<RoleRow>(
    `SELECT * FROM roles WHERE environment_id = ? AND (organization_id IS NULL OR organization_id = ?)
     ORDER BY priority, created_at, id`,
    [context.environment.id, organizationId],
  );
}

export function ownRolesOfOrganization(context: Context, organizationId: string): RoleRow[] {
  return context.database.all<RoleRow>(
    'SELECT * FROM roles WHERE environment_id = ? AND organization_id = ? ORDER BY priority, created_at, id',
    [context.environment.id, organizationId],
  );
}

export function rolesWithPermission(context: Context, permissionId: string): RoleRow[] {
  return context.database.all<RoleRow>(
    `SELECT roles.* FROM role_permissions AS has JOIN roles ON roles.id = has.role_id
     WHERE has.permission_id = ? ORDER BY roles.priority, roles.created_at, roles.id`,
    [permissionId],
  );
}

export function insertRole(context: Context, row: RoleRow): void {
  context.database.run(
    `INSERT INTO roles (id, environment_id, organization_id, slug, name, description, resource_type_slug, priority,
       is_default, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.organization_id,
      row.slug,
      row.name,
      row.description,
      row.resource_type_slug,
      row.priority,
      row.is_default,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function updateRole(context: Context, row: RoleRow): void {
  context.database.run('UPDATE roles SET name = ?, description = ?, updated_at = ? WHERE id = ?', [
    row.name,
    row.description,
    row.updated_at,
    row.id,
  ]);
}

export function deleteRoleRow(context: Context, id: string): void {
  context.database.run('DELETE FROM roles WHERE id = ?', [id]);
}

/**
 * The place below all roles there are. One count serves the environment and its organizations, so an organization
 * finds a role the environment gets later below those it made itself.
 */
export function lowestPriority(context: Context): number {
  const row = context.database.get<{ lowest: number }>(
    'SELECT coalesce(max(priority), -1) + 1 AS lowest FROM roles WHERE environment_id = ?',
    [context.environment.id],
  );
  return row?.lowest ?? 0;
}

/** The permissions of several roles by slug with one statement, in the order they were made. */
export function permissionsOfRoles(
  context: Context,
  roleIds: readonly string[],
): Map<string, readonly string[]> {
  const found = new Map<string, string[]>(roleIds.map((id) => [id, []]));
  const rows = context.database.all<{ role_id: string; slug: string }>(
    `SELECT has.role_id, permissions.slug
     FROM role_permissions AS has JOIN permissions ON permissions.id = has.permission_id
     WHERE has.role_id IN (SELECT value FROM json_each(?)) ORDER BY permissions.created_at, permissions.id`,
    [JSON.stringify(roleIds)],
  );
  for (const row of rows) found.get(row.role_id)?.push(row.slug);
  return found;
}

export function replacePermissions(context: Context, roleId: string, permissionIds: readonly string[]): void {
  context.database.run('DELETE FROM role_permissions WHERE role_id = ?', [roleId]);
  for (const id of permissionIds) {
    context.database.run('INSERT INTO role_permissions (role_id, permission_id) VALUES (?, ?)', [roleId, id]);
  }
}

export function isRoleAssigned(context: Context, roleId: string): boolean {
  return context.database.get('SELECT 1 FROM role_assignments WHERE role_id = ? LIMIT 1', [roleId]) !== null;
}
