import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';

export interface GroupRow {
  readonly id: string;
  readonly organization_id: string;
  readonly name: string;
  readonly description: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertGroup(context: Context, row: GroupRow): void {
  context.database.run(
    `INSERT INTO groups (id, environment_id, organization_id, name, description, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.organization_id,
      row.name,
      row.description,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function updateGroup(context: Context, row: GroupRow): void {
  context.database.run('UPDATE groups SET name = ?, description = ?, updated_at = ? WHERE id = ?', [
    row.name,
    row.description,
    row.updated_at,
    row.id,
  ]);
}

export function deleteGroup(context: Context, id: string): void {
  context.database.run('DELETE FROM groups WHERE id = ?', [id]);
}

export function groupsOfOrganization(context: Context, organizationId: string): GroupRow[] {
  return context.database.all<GroupRow>(
    'SELECT * FROM groups WHERE organization_id = ? ORDER BY created_at, id',
    [organizationId],
  );
}

/** @throws ApiError 404 when the organization has no such group */
export function requireGroup(context: Context, organizationId: string, id: string): GroupRow {
  const row = context.database.get<GroupRow>(
    'SELECT * FROM groups WHERE environment_id = ? AND organization_id = ? AND id = ?',
    [context.environment.id, organizationId, id],
  );
  if (row === null) throw notFound('Group', id);
  return row;
}
