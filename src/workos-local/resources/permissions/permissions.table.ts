import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';

export interface PermissionRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  /** 1 for WorkOS's own, which nobody changes. */
  readonly system: 0 | 1;
  readonly resource_type_slug: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertPermission(context: Context, row: PermissionRow): void {
  context.database.run(
    `INSERT INTO permissions (id, environment_id, slug, name, description, system, resource_type_slug, created_at,
       updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.slug,
      row.name,
      row.description,
      row.system,
      row.resource_type_slug,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function updatePermission(context: Context, row: PermissionRow): void {
  context.database.run('UPDATE permissions SET name = ?, description = ?, updated_at = ? WHERE id = ?', [
    row.name,
    row.description,
    row.updated_at,
    row.id,
  ]);
}

/** Takes it from every role, too. */
export function deletePermissionRow(context: Context, id: string): void {
  context.database.run('DELETE FROM permissions WHERE id = ?', [id]);
}

export function permissionBySlug(context: Context, slug: string): PermissionRow | null {
  return context.database.get<PermissionRow>(
    'SELECT * FROM permissions WHERE environment_id = ? AND slug = ?',
    [context.environment.id, slug],
  );
}

/** @throws ApiError 404 */
export function requirePermission(context: Context, slug: string): PermissionRow {
  const row = permissionBySlug(context, slug);
  if (row === null) throw notFound('Permission', slug);
  return row;
}
