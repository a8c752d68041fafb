import type { Context } from '../../kit/context.ts';

/** A role that a membership has on a resource, and on all that stands below it. */
export interface AssignmentRow {
  readonly id: string;
  readonly organization_membership_id: string;
  readonly role_id: string;
  readonly resource_id: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertAssignment(context: Context, row: AssignmentRow): void {
  context.database.run(
    `INSERT INTO role_assignments (id, environment_id, organization_membership_id, role_id, resource_id, created_at,
       updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.organization_membership_id,
      row.role_id,
      row.resource_id,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function deleteAssignmentRow(context: Context, id: string): void {
  context.database.run('DELETE FROM role_assignments WHERE id = ?', [id]);
}

export function assignmentById(context: Context, membershipId: string, id: string): AssignmentRow | null {
  return context.database.get<AssignmentRow>(
    'SELECT * FROM role_assignments WHERE environment_id = ? AND organization_membership_id = ? AND id = ?',
    [context.environment.id, membershipId, id],
  );
}

/** What a membership has on one resource, not counting what it has on those above. */
export function assignmentsOn(context: Context, membershipId: string, resourceId: string): AssignmentRow[] {
  return context.database.all<AssignmentRow>(
    `SELECT * FROM role_assignments WHERE organization_membership_id = ? AND resource_id = ?
     ORDER BY created_at, id`,
    [membershipId, resourceId],
  );
}

/** What an assignment says beside its ids. */
interface Description {
  readonly id: string;
  readonly role_slug: string;
  readonly external_id: string;
  readonly resource_type_slug: string;
}

/** The roles and resources of several assignments with one statement. */
export function describeAssignments(context: Context, ids: readonly string[]): Map<string, Description> {
  const rows = context.database.all<Description>(
    `SELECT given.id, roles.slug AS role_slug, resource.external_id, resource.resource_type_slug
     FROM role_assignments AS given JOIN roles ON roles.id = given.role_id
     JOIN authorization_resources AS resource ON resource.id = given.resource_id
     WHERE given.id IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(ids)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
