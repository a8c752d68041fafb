import type { Context } from '../../kit/context.ts';
import { notFound, unprocessable } from '../../kit/errors.ts';
import { type PermissionRow, requirePermission } from '../permissions/permissions.table.ts';
import { typesWithin } from '../resource-types/resource-types.table.ts';
import { keepRole, servedRole } from './role.ts';
import { permissionsOfRoles, type RoleRow, replacePermissions } from './roles.table.ts';

type ServedRole = ReturnType<typeof servedRole>;

/**
 * Gives a role these permissions and no others.
 *
 * @throws ApiError 404 without one of the permissions, 422 when one is not for the role's type of resource
 */
export function setPermissions(context: Context, role: RoleRow, slugs: readonly string[]): ServedRole {
  const wanted = new Map(slugs.map((slug) => [slug, grantable(context, role, slug)]));
  const present = slugsOf(context, role);
  if (present.length === wanted.size && present.every((slug) => wanted.has(slug))) {
    return servedRole(context, role);
  }
  replacePermissions(
    context,
    role.id,
    [...wanted.values()].map((permission) => permission.id),
  );
  return keepRole(context, role);
}

/** @throws ApiError 404 or 422, as `setPermissions` */
export function addPermission(context: Context, role: RoleRow, slug: string): ServedRole {
  return setPermissions(context, role, [...slugsOf(context, role), slug]);
}

/** @throws ApiError 404 when the role does not have it */
export function removePermission(context: Context, role: RoleRow, slug: string): ServedRole {
  const present = slugsOf(context, role);
  if (!present.includes(slug)) throw notFound('Permission', slug);
  return setPermissions(
    context,
    role,
    present.filter((other) => other !== slug),
  );
}

function slugsOf(context: Context, role: RoleRow): readonly string[] {
  return permissionsOfRoles(context, [role.id]).get(role.id) ?? [];
}

/** A role holds permissions for its own type of resource and for the types below it, never for those above. */
function grantable(context: Context, role: RoleRow, slug: string): PermissionRow {
  const permission = requirePermission(context, slug);
  if (!typesWithin(context, role.resource_type_slug).has(permission.resource_type_slug)) {
    throw unprocessable(
      'permission_resource_type_mismatch',
      `'${slug}' is for resources of the type '${permission.resource_type_slug}', which is neither ` +
        `'${role.resource_type_slug}', the type of the role '${role.slug}', nor below it.`,
    );
  }
  return permission;
}
