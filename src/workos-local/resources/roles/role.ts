import type { Context } from '../../kit/context.ts';
import { invalidField } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { permissionsOfRoles, type RoleRow, rolesWithPermission, updateRole } from './roles.table.ts';

type ServedRole = ReturnType<typeof serializeRole>;

/** Roles as the API serves them. */
export function serializeRoles(context: Context, rows: readonly RoleRow[]): ServedRole[] {
  const permissions = permissionsOfRoles(
    context,
    rows.map((row) => row.id),
  );
  return rows.map((row) => serializeRole(row, permissions.get(row.id) ?? []));
}

export function servedRole(context: Context, row: RoleRow): ServedRole {
  return serializeRole(row, permissionsOfRoles(context, [row.id]).get(row.id) ?? []);
}

function serializeRole(row: RoleRow, permissions: readonly string[]) {
  return {
    object: 'role' as const,
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    type: row.organization_id === null ? ('EnvironmentRole' as const) : ('OrganizationRole' as const),
    resource_type_slug: row.resource_type_slug,
    permissions: [...permissions],
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** Tells what became of a role. The two kinds of roles have events of their own, which say different things. */
export function emitRole(context: Context, what: 'created' | 'updated' | 'deleted', row: RoleRow): void {
  const { permissions, slug, name, description, resource_type_slug, created_at, updated_at } = servedRole(
    context,
    row,
  );
  const { organization_id } = row;
  if (organization_id === null) {
    const data = { object: 'role', slug, resource_type_slug, permissions, created_at, updated_at };
    emit(context, `role.${what}`, data);
    return;
  }
  emit(
    context,
    `organization_role.${what}`,
    {
      object: 'organization_role',
      organization_id,
      slug,
      name,
      description,
      resource_type_slug,
      permissions,
      created_at,
      updated_at,
    },
    organization_id,
  );
}

/** Keeps a role that has changed, and tells of it. */
export function keepRole(context: Context, changed: RoleRow): ServedRole {
  const row = { ...changed, updated_at: context.now };
  updateRole(context, row);
  emitRole(context, 'updated', row);
  return servedRole(context, row);
}

/**
 * Finds the roles that a permission is about to be taken from.
 *
 * @returns what marks them as changed and tells of it, once the permission is gone
 */
export function touchRolesWith(context: Context, permissionId: string): () => void {
  const rows = rolesWithPermission(context, permissionId);
  return () => {
    for (const row of rows) keepRole(context, row);
  };
}

/** The role with the name and the description a request asks for; the same one when it asks for nothing new. */
export function renamedRole(row: RoleRow, body: { name?: string; description?: string | null }): RoleRow {
  const name = body.name === undefined ? row.name : roleName(body.name);
  const description = body.description === undefined ? row.description : body.description;
  return name === row.name && description === row.description ? row : { ...row, name, description };
}

export function roleName(name: string): string {
  if (name.trim() === '') throw invalidField('name', 'required', 'name must not be empty.');
  return name;
}

/** @throws ApiError 422 */
export function roleSlug(slug: string): string {
  if (!/^[a-z0-9_-]+$/.test(slug)) {
    throw invalidField(
      'slug',
      'invalid_slug',
      'slug must have only lowercase letters, digits, hyphens and underscores.',
    );
  }
  return slug;
}
