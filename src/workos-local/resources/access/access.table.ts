import type { Context } from '../../kit/context.ts';
import type { Filter } from '../../kit/list.ts';

/** Whether a membership has a permission by a role on one of these resources. */
export function grantsOnOneOf(
  context: Context,
  membershipId: string,
  permissionId: string,
  resourceIds: readonly string[],
): boolean {
  return (
    context.database.get(
      `SELECT 1 FROM role_assignments AS given
       JOIN role_permissions AS has ON has.role_id = given.role_id AND has.permission_id = ?
       WHERE given.organization_membership_id = ? AND given.resource_id IN (SELECT value FROM json_each(?)) LIMIT 1`,
      [permissionId, membershipId, JSON.stringify(resourceIds)],
    ) !== null
  );
}

/** Of resources: those on which themselves a membership has a role with the permission. */
export function grantsAnywhere(membershipId: string, permissionId: string): Filter {
  return [
    `id IN (SELECT given.resource_id FROM role_assignments AS given
       JOIN role_permissions AS has ON has.role_id = given.role_id AND has.permission_id = ?
       WHERE given.organization_membership_id = ?)`,
    permissionId,
    membershipId,
  ];
}

/** Of permissions: those a membership has by a role on one of these resources. */
export function permissionsOnOneOf(membershipId: string, resourceIds: readonly string[]): Filter {
  return [
    `id IN (SELECT has.permission_id FROM role_assignments AS given
       JOIN role_permissions AS has ON has.role_id = given.role_id
       WHERE given.organization_membership_id = ? AND given.resource_id IN (SELECT value FROM json_each(?)))`,
    membershipId,
    JSON.stringify(resourceIds),
  ];
}

/** Of memberships: those with a role on one of these resources that has the permission. */
export function holdersOf(permissionId: string, resourceIds: readonly string[]): Filter {
  return [
    `id IN (SELECT given.organization_membership_id FROM role_assignments AS given
       JOIN role_permissions AS has ON has.role_id = given.role_id AND has.permission_id = ?
       WHERE given.resource_id IN (SELECT value FROM json_each(?)))`,
    permissionId,
    JSON.stringify(resourceIds),
  ];
}
