import type { Context } from '../../kit/context.ts';
import { badRequest } from '../../kit/errors.ts';
import { type Filter, type ListQuery, listOf, listPage } from '../../kit/list.ts';
import type { Resource } from '../../operation.ts';
import {
  idsUpFrom,
  type ResourceRow,
  requireResource,
  requireResourceByExternalId,
  resourcePrefix,
} from '../authorization-resources/authorization-resources.table.ts';
import {
  requireResourceOf,
  resourceOfPath,
  serializeResource,
} from '../authorization-resources/authorization-resources.ts';
import { serializeMemberships } from '../organization-memberships/organization-membership.ts';
import {
  type MembershipRow,
  requireMembership,
} from '../organization-memberships/organization-memberships.table.ts';
import { type PermissionRow, requirePermission } from '../permissions/permissions.table.ts';
import { serializePermission } from '../permissions/permissions.ts';
import { typesAbove, typesWithin } from '../resource-types/resource-types.table.ts';
import { grantsAnywhere, grantsOnOneOf, holdersOf, permissionsOnOneOf } from './access.table.ts';

/**
 * Who may do what on which resource. A role given on a resource gives its permissions there and on all that stands
 * below; the roles of a membership are given on the organization, the root of the tree. On a resource a permission
 * counts when it is for the resource's own type or for one that can stand below it: to edit the workspace is nothing
 * one can do to a project.
 */
export const access = {
  AuthorizationController_check: (context, { path, body }) => {
    const membership = requireMembership(context, path.organization_membership_id);
    const resource = targetOf(context, membership, body);
    return {
      authorized: isAllowed(context, membership, requirePermission(context, body.permission_slug), resource),
    };
  },

  AuthorizationController_listEffectivePermissions: (context, { path, query }) => {
    const membership = requireMembership(context, path.organization_membership_id);
    const resource = requireResourceOf(context, membership.organization_id, path.resource_id);
    return effectivePermissions(context, membership, resource, query);
  },

  AuthorizationController_listEffectivePermissionsByExternalId: (context, { path, query }) => {
    const membership = requireMembership(context, path.organization_membership_id);
    const resource = requireResourceByExternalId(
      context,
      membership.organization_id,
      path.resource_type_slug,
      path.external_id,
    );
    return effectivePermissions(context, membership, resource, query);
  },

  AuthorizationController_listResourcesForMembership: (context, { path, query }) => {
    const membership = requireMembership(context, path.organization_membership_id);
    const parent = targetOf(context, membership, {
      resource_id: query.parent_resource_id,
      resource_external_id: query.parent_resource_external_id,
      resource_type_slug: query.parent_resource_type_slug,
    });
    const permission = requirePermission(context, query.permission_slug);
    requireUse(context, permission, parent);
    const where: Filter[] = [
      ['parent_resource_id = ?', parent.id],
      [
        'resource_type_slug IN (SELECT value FROM json_each(?))',
        JSON.stringify([...typesAbove(context, permission.resource_type_slug)]),
      ],
    ];
    if (membership.status !== 'active') where.push(['FALSE']);
    else if (!grantsOnOneOf(context, membership.id, permission.id, idsUpFrom(context, parent.id))) {
      where.push(grantsAnywhere(membership.id, permission.id));
    }
    const page = listPage<ResourceRow>(context, query, {
      table: 'authorization_resources',
      prefix: resourcePrefix,
      where,
    });
    return listOf(page, serializeResource);
  },

  AuthorizationResourcesController_listOrganizationMembershipsForResource: (context, { path, query }) =>
    membersWith(context, requireResource(context, path.resource_id), query),

  AuthorizationResourcesByExternalIdController_listOrganizationMembershipsForResourceByExternalId: (
    context,
    { path, query },
  ) => membersWith(context, resourceOfPath(context, path), query),
} satisfies Resource<
  | 'AuthorizationController_check'
  | 'AuthorizationController_listEffectivePermissions'
  | 'AuthorizationController_listEffectivePermissionsByExternalId'
  | 'AuthorizationController_listResourcesForMembership'
  | 'AuthorizationResourcesController_listOrganizationMembershipsForResource'
  | 'AuthorizationResourcesByExternalIdController_listOrganizationMembershipsForResourceByExternalId'
>;

interface Target {
  readonly resource_id?: string | undefined;
  readonly resource_external_id?: string | undefined;
  readonly resource_type_slug?: string | undefined;
}

/**
 * The resource of a membership's organization that a request names, by its id or by its external id and type.
 *
 * @throws ApiError 404
 */
export function targetOf(context: Context, membership: MembershipRow, target: Target): ResourceRow {
  const { resource_id: id, resource_external_id: externalId, resource_type_slug: type } = target;
  if (id !== undefined) return requireResourceOf(context, membership.organization_id, id);
  // Requests are held to the document's groups: they name one or the other.
  if (externalId === undefined || type === undefined) throw new Error('No resource is named.');
  return requireResourceByExternalId(context, membership.organization_id, type, externalId);
}

function isAllowed(
  context: Context,
  membership: MembershipRow,
  permission: PermissionRow,
  resource: ResourceRow,
): boolean {
  // Roles are kept for when a member comes back; until then they give nothing.
  return (
    membership.status === 'active' &&
    typesWithin(context, resource.resource_type_slug).has(permission.resource_type_slug) &&
    grantsOnOneOf(context, membership.id, permission.id, idsUpFrom(context, resource.id))
  );
}

function effectivePermissions(
  context: Context,
  membership: MembershipRow,
  resource: ResourceRow,
  query: ListQuery,
) {
  const where: Filter[] = [
    permissionsOnOneOf(membership.id, idsUpFrom(context, resource.id)),
    [
      'resource_type_slug IN (SELECT value FROM json_each(?))',
      JSON.stringify([...typesWithin(context, resource.resource_type_slug)]),
    ],
  ];
  if (membership.status !== 'active') where.push(['FALSE']);
  const page = listPage<PermissionRow>(context, query, { table: 'permissions', prefix: 'perm_', where });
  return listOf(page, serializePermission);
}

function membersWith(
  context: Context,
  resource: ResourceRow,
  query: ListQuery & { permission_slug: string; assignment?: 'direct' | 'indirect' },
) {
  const permission = requirePermission(context, query.permission_slug);
  requireUse(context, permission, resource);
  const on = query.assignment === 'indirect' ? idsUpFrom(context, resource.id) : [resource.id];
  const { rows, list_metadata } = listPage<MembershipRow>(context, query, {
    table: 'organization_memberships',
    prefix: 'om_',
    where: [
      ['organization_id = ?', resource.organization_id],
      ["status = 'active'"],
      holdersOf(permission.id, on),
    ],
  });
  return { object: 'list' as const, data: serializeMemberships(context, rows), list_metadata };
}

/** @throws ApiError 400 when the permission is for resources that are neither this one nor can stand below it */
function requireUse(context: Context, permission: PermissionRow, resource: ResourceRow): void {
  if (typesWithin(context, resource.resource_type_slug).has(permission.resource_type_slug)) return;
  throw badRequest(
    'bad_request',
    `'${permission.slug}' is for resources of the type '${permission.resource_type_slug}': nobody has it on or below ` +
      `one of the type '${resource.resource_type_slug}'.`,
  );
}
