import type { Context } from '../../kit/context.ts';
import { notFound, unprocessable } from '../../kit/errors.ts';
import { type ListQuery, listPage } from '../../kit/list.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { targetOf } from '../access/access.ts';
import {
  type ResourceRow,
  requireResource,
} from '../authorization-resources/authorization-resources.table.ts';
import { resourceOfPath } from '../authorization-resources/authorization-resources.ts';
import {
  type MembershipRow,
  requireMembership,
} from '../organization-memberships/organization-memberships.table.ts';
import { keepMembership } from '../organization-memberships/organization-memberships.ts';
import { organizationType } from '../resource-types/resource-types.table.ts';
import { requireRole } from '../roles/organization-roles.ts';
import { defaultRole, type RoleRow } from '../roles/roles.table.ts';
import {
  type AssignmentRow,
  assignmentById,
  assignmentsOn,
  deleteAssignmentRow,
  describeAssignments,
  insertAssignment,
} from './role-assignments.table.ts';

export const roleAssignments = {
  AuthorizationRoleAssignmentsController_listRoleAssignments: (context, { path, query }) => {
    const membership = requireMembership(context, path.organization_membership_id);
    return assignments(context, query, 'organization_membership_id', membership.id);
  },

  AuthorizationRoleAssignmentsController_listRoleAssignmentsForResource: (context, { path, query }) =>
    assignments(context, query, 'resource_id', requireResource(context, path.resource_id).id),

  AuthorizationRoleAssignmentsController_listRoleAssignmentsForResourceByExternalId: (
    context,
    { path, query },
  ) => assignments(context, query, 'resource_id', resourceOfPath(context, path).id),

  AuthorizationRoleAssignmentsController_assignRole: (context, { path, body }) =>
    assignRole(context, requireMembership(context, path.organization_membership_id), body),

  AuthorizationRoleAssignmentsController_removeRoleByCriteria: (context, { path, body }) => {
    const membership = requireMembership(context, path.organization_membership_id);
    const resource = targetOf(context, membership, body);
    const role = requireRole(context, membership.organization_id, body.role_slug);
    const given = assignmentsOn(context, membership.id, resource.id).find((row) => row.role_id === role.id);
    if (given === undefined) throw notFound('Role assignment', body.role_slug);
    removeAssignment(context, membership, given);
    return undefined;
  },

  AuthorizationRoleAssignmentsController_removeRoleById: (context, { path }) => {
    const membership = requireMembership(context, path.organization_membership_id);
    const given = assignmentById(context, membership.id, path.role_assignment_id);
    if (given === null) throw notFound('Role assignment', path.role_assignment_id);
    removeAssignment(context, membership, given);
    return undefined;
  },
} satisfies Resource<
  | 'AuthorizationRoleAssignmentsController_listRoleAssignments'
  | 'AuthorizationRoleAssignmentsController_listRoleAssignmentsForResource'
  | 'AuthorizationRoleAssignmentsController_listRoleAssignmentsForResourceByExternalId'
  | 'AuthorizationRoleAssignmentsController_assignRole'
  | 'AuthorizationRoleAssignmentsController_removeRoleByCriteria'
  | 'AuthorizationRoleAssignmentsController_removeRoleById'
>;

export type NewAssignment = OperationRequest<'AuthorizationRoleAssignmentsController_assignRole'>['body'];

/**
 * Gives a membership a role on a resource, beside those it has there. On the organization itself that is a role of
 * the membership, whose change is told. A role that is there already is not given twice.
 *
 * @throws ApiError 404 without the resource or the role, 422 for a role of another type of resource
 */
export function assignRole(
  context: Context,
  membership: MembershipRow,
  body: NewAssignment,
): ServedAssignment {
  const resource = targetOf(context, membership, body);
  const role = requireRole(context, membership.organization_id, body.role_slug);
  if (role.resource_type_slug !== resource.resource_type_slug) {
    throw unprocessable(
      'role_resource_type_mismatch',
      `'${role.slug}' is a role on resources of the type '${role.resource_type_slug}', ` +
        `not '${resource.resource_type_slug}'.`,
    );
  }
  const present = assignmentsOn(context, membership.id, resource.id).find((row) => row.role_id === role.id);
  if (present !== undefined) return served(context, present);
  const row = give(context, membership, role, resource);
  if (resource.resource_type_slug === organizationType) keepMembership(context, membership);
  return served(context, row);
}

/** Takes a role away. A membership has a role in its organization at any time: the default one, when no other is left. */
function removeAssignment(context: Context, membership: MembershipRow, row: AssignmentRow): void {
  const resource = requireResource(context, row.resource_id);
  if (resource.resource_type_slug !== organizationType) {
    deleteAssignmentRow(context, row.id);
    return;
  }
  if (assignmentsOn(context, membership.id, resource.id).length === 1) {
    const role = defaultRole(context, membership.organization_id);
    if (role.id === row.role_id) {
      throw unprocessable(
        'last_role',
        `'${role.slug}' is the only role of the membership, and the one it has when there is no other.`,
      );
    }
    give(context, membership, role, resource);
  }
  deleteAssignmentRow(context, row.id);
  keepMembership(context, membership);
}

function give(
  context: Context,
  membership: MembershipRow,
  role: RoleRow,
  resource: ResourceRow,
): AssignmentRow {
  const row: AssignmentRow = {
    id: context.newId('role_assignment_'),
    organization_membership_id: membership.id,
    role_id: role.id,
    resource_id: resource.id,
    created_at: context.now,
    updated_at: context.now,
  };
  insertAssignment(context, row);
  return row;
}

function assignments(
  context: Context,
  query: ListQuery,
  column: 'organization_membership_id' | 'resource_id',
  id: string,
) {
  const { rows, list_metadata } = listPage<AssignmentRow>(context, query, {
    table: 'role_assignments',
    prefix: 'role_assignment_',
    where: [[`${column} = ?`, id]],
  });
  return { object: 'list' as const, data: serializeAssignments(context, rows), list_metadata };
}

type ServedAssignment = ReturnType<typeof serializeAssignments>[number];

function served(context: Context, row: AssignmentRow): ServedAssignment {
  const [assignment] = serializeAssignments(context, [row]);
  if (assignment === undefined) throw new Error('One row is served as one assignment.');
  return assignment;
}

function serializeAssignments(context: Context, rows: readonly AssignmentRow[]) {
  const described = describeAssignments(
    context,
    rows.map((row) => row.id),
  );
  return rows.map((row) => {
    const about = described.get(row.id);
    // The foreign keys of the table see to it.
    if (about === undefined) throw new Error(`${row.id} has no role or no resource.`);
    return {
      object: 'role_assignment' as const,
      id: row.id,
      organization_membership_id: row.organization_membership_id,
      role: { slug: about.role_slug },
      resource: {
        id: row.resource_id,
        external_id: about.external_id,
        resource_type_slug: about.resource_type_slug,
      },
      // What later documents name: where the role comes from.
      source: { type: 'direct' as const, group_role_assignment_id: null },
      created_at: row.created_at,
      updated_at: row.updated_at,
    };
  });
}
