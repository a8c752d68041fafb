import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';

export interface DirectoryGroupRow {
  readonly id: string;
  readonly directory_id: string;
  readonly organization_id: string;
  readonly idp_id: string;
  readonly name: string;
  /** JSON: the group as its provider sent it, without its members. */
  readonly raw_attributes: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertDirectoryGroup(context: Context, row: DirectoryGroupRow): void {
  context.database.run(
    `INSERT INTO directory_groups (id, environment_id, directory_id, organization_id, idp_id, name, raw_attributes,
       version, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.directory_id,
      row.organization_id,
      row.idp_id,
      row.name,
      row.raw_attributes,
      row.version,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function updateDirectoryGroup(context: Context, row: DirectoryGroupRow): void {
  context.database.run(
    `UPDATE directory_groups SET idp_id = ?, name = ?, raw_attributes = ?, version = ?, updated_at = ?
     WHERE id = ?`,
    [row.idp_id, row.name, row.raw_attributes, row.version, row.updated_at, row.id],
  );
}

/** Counts a change of members, which is none of the group itself. */
export function countGroupVersion(context: Context, id: string): void {
  context.database.run('UPDATE directory_groups SET version = version + 1 WHERE id = ?', [id]);
}

export function deleteDirectoryGroupRow(context: Context, id: string): void {
  context.database.run('DELETE FROM directory_groups WHERE id = ?', [id]);
}

/** @throws ApiError 404 */
export function requireDirectoryGroup(context: Context, id: string): DirectoryGroupRow {
  const row = context.database.get<DirectoryGroupRow>(
    'SELECT * FROM directory_groups WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
  if (row === null) throw notFound('Directory group', id);
  return row;
}

export function directoryGroupIn(
  context: Context,
  directoryId: string,
  by: { readonly id: string } | { readonly idpId: string } | { readonly name: string },
): DirectoryGroupRow | null {
  const [condition, value] =
    'id' in by ? ['id = ?', by.id] : 'idpId' in by ? ['idp_id = ?', by.idpId] : ['name = ?', by.name];
  return context.database.get<DirectoryGroupRow>(
    `SELECT * FROM directory_groups WHERE directory_id = ? AND ${condition} ORDER BY created_at, id`,
    [directoryId, value],
  );
}

export function groupsOfDirectory(context: Context, directoryId: string): DirectoryGroupRow[] {
  return context.database.all<DirectoryGroupRow>(
    'SELECT * FROM directory_groups WHERE directory_id = ? ORDER BY created_at, id',
    [directoryId],
  );
}

/** The groups of several users with one statement, oldest first. */
export function groupsOfDirectoryUsers(
  context: Context,
  userIds: readonly string[],
): Map<string, DirectoryGroupRow[]> {
  const found = new Map<string, DirectoryGroupRow[]>(userIds.map((id) => [id, []]));
  const rows = context.database.all<DirectoryGroupRow & { directory_user_id: string }>(
    `SELECT directory_groups.*, directory_user_id FROM directory_group_members
     JOIN directory_groups ON directory_groups.id = directory_group_id
     WHERE directory_user_id IN (SELECT value FROM json_each(?))
     ORDER BY created_at, id`,
    [JSON.stringify(userIds)],
  );
  for (const row of rows) found.get(row.directory_user_id)?.push(row);
  return found;
}
