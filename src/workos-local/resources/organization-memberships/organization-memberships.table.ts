import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';
import { organizationResource } from '../authorization-resources/authorization-resources.table.ts';
import {
  assignmentsOn,
  deleteAssignmentRow,
  insertAssignment,
} from '../role-assignments/role-assignments.table.ts';
import type { RoleRow } from '../roles/roles.table.ts';
import type { MembershipStatus } from './organization-membership.machine.ts';

export interface MembershipRow {
  readonly id: string;
  readonly user_id: string;
  readonly organization_id: string;
  readonly status: MembershipStatus;
  readonly directory_managed: 0 | 1;
  /** JSON: what the directory or the identity provider says of the member. */
  readonly custom_attributes: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertMembership(context: Context, row: MembershipRow): void {
  context.database.run(
    `INSERT INTO organization_memberships (id, environment_id, user_id, organization_id, status, directory_managed,
       custom_attributes, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.user_id,
      row.organization_id,
      row.status,
      row.directory_managed,
      row.custom_attributes,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function updateMembership(context: Context, row: MembershipRow): void {
  context.database.run(
    `UPDATE organization_memberships SET status = ?, directory_managed = ?, custom_attributes = ?, updated_at = ?
     WHERE id = ?`,
    [row.status, row.directory_managed, row.custom_attributes, row.updated_at, row.id],
  );
}

export function deleteMembershipRow(context: Context, id: string): void {
  context.database.run('DELETE FROM organization_memberships WHERE id = ?', [id]);
}

export function membershipById(context: Context, id: string): MembershipRow | null {
  return context.database.get<MembershipRow>(
    'SELECT * FROM organization_memberships WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
}

/** @throws ApiError 404 */
export function requireMembership(context: Context, id: string): MembershipRow {
  const row = membershipById(context, id);
  if (row === null) throw notFound('Organization membership', id);
  return row;
}

export function membershipBetween(
  context: Context,
  organizationId: string,
  userId: string,
): MembershipRow | null {
  return context.database.get<MembershipRow>(
    'SELECT * FROM organization_memberships WHERE organization_id = ? AND user_id = ?',
    [organizationId, userId],
  );
}

export function membershipsOfUser(context: Context, userId: string): MembershipRow[] {
  return context.database.all<MembershipRow>(
    'SELECT * FROM organization_memberships WHERE user_id = ? ORDER BY created_at, id',
    [userId],
  );
}

export function membershipsOfOrganization(context: Context, organizationId: string): MembershipRow[] {
  return context.database.all<MembershipRow>(
    'SELECT * FROM organization_memberships WHERE organization_id = ? ORDER BY created_at, id',
    [organizationId],
  );
}

/** Gives a membership these roles and no others: assignments on the organization itself, the kept ones untouched. */
export function replaceRoles(context: Context, membership: MembershipRow, roles: readonly RoleRow[]): void {
  const root = organizationResource(context, membership.organization_id);
  const present = assignmentsOn(context, membership.id, root.id);
  for (const assignment of present) {
    if (!roles.some((role) => role.id === assignment.role_id)) deleteAssignmentRow(context, assignment.id);
  }
  for (const role of roles) {
    if (present.some((assignment) => assignment.role_id === role.id)) continue;
    insertAssignment(context, {
      id: context.newId('role_assignment_'),
      organization_membership_id: membership.id,
      role_id: role.id,
      resource_id: root.id,
      created_at: context.now,
      updated_at: context.now,
    });
  }
}

/** The slugs of the roles of several memberships with one statement, the role of the highest priority first. */
export function rolesOfMemberships(
  context: Context,
  membershipIds: readonly string[],
): Map<string, readonly string[]> {
  const found = new Map<string, string[]>(membershipIds.map((id) => [id, []]));
  const rows = context.database.all<{ membership_id: string; slug: string }>(
    `SELECT has.organization_membership_id AS membership_id, roles.slug
     FROM role_assignments AS has JOIN roles ON roles.id = has.role_id
     WHERE has.organization_membership_id IN (SELECT value FROM json_each(?))
       AND roles.resource_type_slug = 'organization'
     ORDER BY roles.priority, roles.created_at, roles.id`,
    [JSON.stringify(membershipIds)],
  );
  for (const row of rows) found.get(row.membership_id)?.push(row.slug);
  return found;
}

export function namesOfOrganizations(context: Context, ids: readonly string[]): Map<string, string> {
  const rows = context.database.all<{ id: string; name: string }>(
    'SELECT id, name FROM organizations WHERE id IN (SELECT value FROM json_each(?))',
    [JSON.stringify(ids)],
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}
