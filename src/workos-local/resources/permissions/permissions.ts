import type { Context } from '../../kit/context.ts';
import { ApiError, conflict, invalidField } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { listOf, listPage } from '../../kit/list.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { organizationType, requireResourceType } from '../resource-types/resource-types.table.ts';
import { touchRolesWith } from '../roles/role.ts';
import {
  deletePermissionRow,
  insertPermission,
  type PermissionRow,
  permissionBySlug,
  requirePermission,
  updatePermission,
} from './permissions.table.ts';

export const permissions = {
  AuthorizationPermissionsController_list: (context, { query }) => {
    const page = listPage<PermissionRow>(context, query, { table: 'permissions', prefix: 'perm_' });
    return listOf(page, serializePermission);
  },

  AuthorizationPermissionsController_create: (context, { body }) => createPermission(context, body),

  AuthorizationPermissionsController_find: (context, { path }) =>
    serializePermission(requirePermission(context, path.slug)),

  AuthorizationPermissionsController_update: (context, { path, body }) => {
    const before = requireOwn(requirePermission(context, path.slug), 'changed');
    const name = body.name === undefined ? before.name : nameOf(body.name);
    const description = body.description === undefined ? before.description : body.description;
    if (name === before.name && description === before.description) return serializePermission(before);
    const after: PermissionRow = { ...before, name, description, updated_at: context.now };
    updatePermission(context, after);
    const served = serializePermission(after);
    emit(context, 'permission.updated', served);
    return served;
  },

  AuthorizationPermissionsController_delete: (context, { path }) => {
    const row = requireOwn(requirePermission(context, path.slug), 'deleted');
    const tellRoles = touchRolesWith(context, row.id);
    deletePermissionRow(context, row.id);
    emit(context, 'permission.deleted', serializePermission(row));
    tellRoles();
    return undefined;
  },
} satisfies Resource<
  | 'AuthorizationPermissionsController_list'
  | 'AuthorizationPermissionsController_create'
  | 'AuthorizationPermissionsController_find'
  | 'AuthorizationPermissionsController_update'
  | 'AuthorizationPermissionsController_delete'
>;

export type NewPermission = OperationRequest<'AuthorizationPermissionsController_create'>['body'];

/** @throws ApiError 404 without the resource type, 409 when the slug is taken, 422 when it is none */
export function createPermission(
  context: Context,
  body: NewPermission,
): ReturnType<typeof serializePermission> {
  if (!/^[a-z0-9_:.*-]+$/.test(body.slug)) {
    throw invalidField(
      'slug',
      'invalid_slug',
      'slug must have only lowercase letters, digits, hyphens, underscores, colons, periods and asterisks.',
    );
  }
  if (permissionBySlug(context, body.slug) !== null) {
    throw conflict('permission_slug_conflict', `There is a permission '${body.slug}' already.`);
  }
  const row: PermissionRow = {
    id: context.newId('perm_'),
    slug: body.slug,
    name: nameOf(body.name),
    description: body.description ?? null,
    system: 0,
    resource_type_slug: requireResourceType(context, body.resource_type_slug ?? organizationType).slug,
    created_at: context.now,
    updated_at: context.now,
  };
  insertPermission(context, row);
  const served = serializePermission(row);
  emit(context, 'permission.created', served);
  return served;
}

export function serializePermission(row: PermissionRow) {
  return {
    object: 'permission' as const,
    id: row.id,
    slug: row.slug,
    name: row.name,
    description: row.description,
    system: row.system === 1,
    resource_type_slug: row.resource_type_slug,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** @throws ApiError 403 for a permission of WorkOS itself */
function requireOwn(row: PermissionRow, done: 'changed' | 'deleted'): PermissionRow {
  if (row.system === 1) {
    throw new ApiError(403, {
      message: `'${row.slug}' is a system permission, which cannot be ${done}.`,
      code: 'system_permission',
    });
  }
  return row;
}

function nameOf(name: string): string {
  if (name.trim() === '') throw invalidField('name', 'required', 'name must not be empty.');
  return name;
}
