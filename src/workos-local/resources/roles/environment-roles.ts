import type { Context } from '../../kit/context.ts';
import { conflict, notFound } from '../../kit/errors.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { organizationType, requireResourceType } from '../resource-types/resource-types.table.ts';
import { emitRole, keepRole, renamedRole, roleName, roleSlug, serializeRoles, servedRole } from './role.ts';
import { addPermission, setPermissions } from './role-permissions.ts';
import {
  environmentRole,
  insertRole,
  lowestPriority,
  type RoleRow,
  rolesInOrder,
  rolesOfSlug,
} from './roles.table.ts';

export const environmentRoles = {
  AuthorizationRolesController_list: (context) => ({
    object: 'list',
    data: serializeRoles(context, rolesInOrder(context, null)),
  }),

  AuthorizationRolesController_create: (context, { body }) => createEnvironmentRole(context, body),

  AuthorizationRolesController_get: (context, { path }) =>
    servedRole(context, requireEnvironmentRole(context, path.slug)),

  AuthorizationRolesController_update: (context, { path, body }) => {
    const before = requireEnvironmentRole(context, path.slug);
    const after = renamedRole(before, body);
    return after === before ? servedRole(context, before) : keepRole(context, after);
  },

  AuthorizationRolePermissionsController_setPermissions: (context, { path, body }) =>
    setPermissions(context, requireEnvironmentRole(context, path.slug), body.permissions),

  AuthorizationRolePermissionsController_addPermission: (context, { path, body }) =>
    addPermission(context, requireEnvironmentRole(context, path.slug), body.slug),
} satisfies Resource<
  | 'AuthorizationRolesController_list'
  | 'AuthorizationRolesController_create'
  | 'AuthorizationRolesController_get'
  | 'AuthorizationRolesController_update'
  | 'AuthorizationRolePermissionsController_setPermissions'
  | 'AuthorizationRolePermissionsController_addPermission'
>;

export type NewRole = OperationRequest<'AuthorizationRolesController_create'>['body'];

/**
 * Makes a role every organization has, at the bottom of the order.
 *
 * @throws ApiError 404 without the resource type, 409 when the slug is taken, 422 when it is none
 */
export function createEnvironmentRole(context: Context, body: NewRole): ReturnType<typeof servedRole> {
  // An organization's own role of this slug would no longer be told from it.
  if (rolesOfSlug(context, roleSlug(body.slug)).length > 0) {
    throw conflict('role_slug_conflict', `There is a role '${body.slug}' already.`);
  }
  const row: RoleRow = {
    id: context.newId('role_'),
    organization_id: null,
    slug: body.slug,
    name: roleName(body.name),
    description: body.description ?? null,
    resource_type_slug: requireResourceType(context, body.resource_type_slug ?? organizationType).slug,
    priority: lowestPriority(context),
    is_default: 0,
    created_at: context.now,
    updated_at: context.now,
  };
  insertRole(context, row);
  emitRole(context, 'created', row);
  return servedRole(context, row);
}

/** @throws ApiError 404 */
export function requireEnvironmentRole(context: Context, slug: string): RoleRow {
  const row = environmentRole(context, slug);
  if (row === null) throw notFound('Role', slug);
  return row;
}
