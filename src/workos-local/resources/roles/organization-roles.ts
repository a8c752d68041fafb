import type { Context } from '../../kit/context.ts';
import { conflict, invalidField, notFound } from '../../kit/errors.ts';
import { randomText } from '../../kit/random.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { organizationType, requireResourceType } from '../resource-types/resource-types.table.ts';
import { emitRole, keepRole, renamedRole, roleName, roleSlug, serializeRoles, servedRole } from './role.ts';
import { addPermission, removePermission, setPermissions } from './role-permissions.ts';
import {
  deleteRoleRow,
  environmentRole,
  insertRole,
  isRoleAssigned,
  lowestPriority,
  ownRoleOfOrganization,
  ownRolesOfOrganization,
  type RoleRow,
  rolesInOrder,
} from './roles.table.ts';

export const organizationRoles = {
  AuthorizationOrganizationRolesController_list: (context, { path }) => {
    const organization = requireOrganization(context, path.organizationId);
    return { object: 'list', data: serializeRoles(context, rolesInOrder(context, organization.id)) };
  },

  AuthorizationOrganizationRolesController_create: (context, { path, body }) =>
    createOrganizationRole(context, requireOrganization(context, path.organizationId).id, body),

  AuthorizationOrganizationRolesController_get: (context, { path }) => {
    const organization = requireOrganization(context, path.organizationId);
    return servedRole(context, requireRole(context, organization.id, path.slug));
  },

  AuthorizationOrganizationRolesController_update: (context, { path, body }) => {
    const before = requireOwnRole(context, path);
    const after = renamedRole(before, body);
    return after === before ? servedRole(context, before) : keepRole(context, after);
  },

  AuthorizationOrganizationRolesController_delete: (context, { path }) => {
    const row = requireOwnRole(context, path);
    if (isRoleAssigned(context, row.id)) {
      throw conflict(
        'role_has_assignments',
        `Members have the role '${row.slug}': give them another one, then delete it.`,
      );
    }
    removeRole(context, row);
    return undefined;
  },

  AuthorizationOrganizationRolePermissionsController_setPermissions: (context, { path, body }) =>
    setPermissions(context, requireOwnRole(context, path), body.permissions),

  AuthorizationOrganizationRolePermissionsController_addPermission: (context, { path, body }) =>
    addPermission(context, requireOwnRole(context, path), body.slug),

  AuthorizationOrganizationRolePermissionsController_removePermission: (context, { path }) =>
    removePermission(context, requireOwnRole(context, path), path.permissionSlug),
} satisfies Resource<
  | 'AuthorizationOrganizationRolesController_list'
  | 'AuthorizationOrganizationRolesController_create'
  | 'AuthorizationOrganizationRolesController_get'
  | 'AuthorizationOrganizationRolesController_update'
  | 'AuthorizationOrganizationRolesController_delete'
  | 'AuthorizationOrganizationRolePermissionsController_setPermissions'
  | 'AuthorizationOrganizationRolePermissionsController_addPermission'
  | 'AuthorizationOrganizationRolePermissionsController_removePermission'
>;

export type NewOrganizationRole = OperationRequest<'AuthorizationOrganizationRolesController_create'>['body'];

/** What tells an organization's own roles from the environment's. */
const prefix = 'org-';
const longestSlug = 48;
const suffixLength = 6;

/**
 * Makes a role of one organization, at the bottom of its order.
 *
 * @throws ApiError 404 without the resource type, 409 when the slug is taken, 422 when it is none
 */
export function createOrganizationRole(
  context: Context,
  organizationId: string,
  body: NewOrganizationRole,
): ReturnType<typeof servedRole> {
  const name = roleName(body.name);
  const slug = body.slug === undefined ? slugFor(context, name) : ownSlug(body.slug);
  const taken = environmentRole(context, slug) ?? ownRoleOfOrganization(context, organizationId, slug);
  if (taken !== null) {
    throw conflict('organization_role_slug_conflict', `The organization has a role '${slug}' already.`);
  }
  const row: RoleRow = {
    id: context.newId('role_'),
    organization_id: organizationId,
    slug,
    name,
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

/** Deletes the roles of an organization that is about to go; its memberships have gone before. */
export function removeRolesOfOrganization(context: Context, organizationId: string): void {
  for (const row of ownRolesOfOrganization(context, organizationId)) removeRole(context, row);
}

/**
 * A role that applies to an organization: the environment's, or its own.
 *
 * @throws ApiError 404
 */
export function requireRole(context: Context, organizationId: string, slug: string): RoleRow {
  const row = ownRoleOfOrganization(context, organizationId, slug) ?? environmentRole(context, slug);
  if (row === null) throw notFound('Role', slug);
  return row;
}

/** @throws ApiError 404, also for a role of the environment: an organization cannot change that */
function requireOwnRole(context: Context, path: { organizationId: string; slug: string }): RoleRow {
  const organization = requireOrganization(context, path.organizationId);
  const row = ownRoleOfOrganization(context, organization.id, path.slug);
  if (row === null) throw notFound('Organization role', path.slug);
  return row;
}

function removeRole(context: Context, row: RoleRow): void {
  // Told first: the event names the permissions, which go with the role.
  emitRole(context, 'deleted', row);
  deleteRoleRow(context, row.id);
}

function ownSlug(slug: string): string {
  if (!slug.startsWith(prefix) || slug.length === prefix.length) {
    throw invalidField('slug', 'invalid_slug', `slug must begin with ${prefix} and go on after it.`);
  }
  return roleSlug(slug);
}

/** A slug made of a name, with an end that no other role of that name has. */
function slugFor(context: Context, name: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const stem = `${prefix}${words}`.slice(0, longestSlug - suffixLength - 1).replace(/-+$/, '');
  return `${stem}-${randomText(context.random, 'abcdefghijklmnopqrstuvwxyz0123456789', suffixLength)}`;
}
