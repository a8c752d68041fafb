import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';
import type { Reply } from '../../operation.ts';

type ServedDirectory = Reply<'DirectoriesController_find'>;
export type DirectoryType = ServedDirectory['type'];
export type DirectoryState = ServedDirectory['state'];

export interface DirectoryRow {
  readonly id: string;
  readonly organization_id: string;
  readonly type: DirectoryType;
  readonly state: DirectoryState;
  readonly name: string;
  readonly external_key: string;
  readonly bearer_token_hash: string;
  readonly keeps_inactive_users: 0 | 1;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface DirectoryCounts {
  readonly active: number;
  readonly inactive: number;
  readonly groups: number;
}

export function insertDirectory(context: Context, row: DirectoryRow): void {
  context.database.run(
    `INSERT INTO directories (id, environment_id, organization_id, type, state, name, external_key,
       bearer_token_hash, keeps_inactive_users, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.organization_id,
      row.type,
      row.state,
      row.name,
      row.external_key,
      row.bearer_token_hash,
      row.keeps_inactive_users,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function updateBearerToken(context: Context, id: string, hash: string): void {
  context.database.run('UPDATE directories SET bearer_token_hash = ?, updated_at = ? WHERE id = ?', [
    hash,
    context.now,
    id,
  ]);
}

export function deleteDirectoryRow(context: Context, id: string): void {
  context.database.run('DELETE FROM directories WHERE id = ?', [id]);
}

export function directoryById(context: Context, id: string): DirectoryRow | null {
  return context.database.get<DirectoryRow>('SELECT * FROM directories WHERE environment_id = ? AND id = ?', [
    context.environment.id,
    id,
  ]);
}

/** @throws ApiError 404 */
export function requireDirectory(context: Context, id: string): DirectoryRow {
  const row = directoryById(context, id);
  if (row === null) throw notFound('Directory', id);
  return row;
}

export function directoriesOfOrganization(context: Context, organizationId: string): DirectoryRow[] {
  return context.database.all<DirectoryRow>(
    'SELECT * FROM directories WHERE organization_id = ? ORDER BY created_at, id',
    [organizationId],
  );
}

/** What is in several directories, with one statement. */
export function countsOfDirectories(
  context: Context,
  directoryIds: readonly string[],
): Map<string, DirectoryCounts> {
  const rows = context.database.all<DirectoryCounts & { id: string }>(
    `SELECT value AS id,
       (SELECT count(*) FROM directory_users WHERE directory_id = value AND is_deleted = 0 AND state = 'active')
         AS active,
       (SELECT count(*) FROM directory_users WHERE directory_id = value AND is_deleted = 0 AND state <> 'active')
         AS inactive,
       (SELECT count(*) FROM directory_groups WHERE directory_id = value) AS groups
     FROM json_each(?)`,
    [JSON.stringify(directoryIds)],
  );
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}
