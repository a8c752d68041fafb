import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';

export interface ResourceRow {
  readonly id: string;
  readonly organization_id: string;
  /** Null for the organization itself. */
  readonly parent_resource_id: string | null;
  readonly resource_type_slug: string;
  readonly external_id: string;
  readonly name: string;
  readonly description: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export const resourcePrefix = 'authz_resource_';

export function insertResource(context: Context, row: ResourceRow): void {
  context.database.run(
    `INSERT INTO authorization_resources (id, environment_id, organization_id, parent_resource_id, resource_type_slug,
       external_id, name, description, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.organization_id,
      row.parent_resource_id,
      row.resource_type_slug,
      row.external_id,
      row.name,
      row.description,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function updateResource(context: Context, row: ResourceRow): void {
  context.database.run(
    `UPDATE authorization_resources SET parent_resource_id = ?, name = ?, description = ?, updated_at = ?
     WHERE id = ?`,
    [row.parent_resource_id, row.name, row.description, row.updated_at, row.id],
  );
}

/** Takes with it what stands below and the roles given on any of it. */
export function deleteResourceRow(context: Context, id: string): void {
  context.database.run('DELETE FROM authorization_resources WHERE id = ?', [id]);
}

export function resourceById(context: Context, id: string): ResourceRow | null {
  return context.database.get<ResourceRow>(
    'SELECT * FROM authorization_resources WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
}

/** @throws ApiError 404 */
export function requireResource(context: Context, id: string): ResourceRow {
  const row = resourceById(context, id);
  if (row === null) throw notFound('Authorization resource', id);
  return row;
}

export function resourceByExternalId(
  context: Context,
  organizationId: string,
  typeSlug: string,
  externalId: string,
): ResourceRow | null {
  return context.database.get<ResourceRow>(
    `SELECT * FROM authorization_resources
     WHERE environment_id = ? AND organization_id = ? AND resource_type_slug = ? AND external_id = ?`,
    [context.environment.id, organizationId, typeSlug, externalId],
  );
}

/** @throws ApiError 404 */
export function requireResourceByExternalId(
  context: Context,
  organizationId: string,
  typeSlug: string,
  externalId: string,
): ResourceRow {
  const row = resourceByExternalId(context, organizationId, typeSlug, externalId);
  if (row === null) throw notFound('Authorization resource', externalId);
  return row;
}

/** The root of an organization's tree, which the database makes with the organization. */
export function organizationResource(context: Context, organizationId: string): ResourceRow {
  const row = resourceByExternalId(context, organizationId, 'organization', organizationId);
  if (row === null) throw new Error(`${organizationId} has no resource.`);
  return row;
}

/** Whether something stands below a resource, or somebody has a role on it. */
export function hasDependents(context: Context, id: string): boolean {
  return (
    context.database.get(
      `SELECT 1 FROM authorization_resources WHERE parent_resource_id = ?
       UNION ALL SELECT 1 FROM role_assignments WHERE resource_id = ? LIMIT 1`,
      [id, id],
    ) !== null
  );
}

/** The ids of a resource and of all it stands below, up to the organization's. */
export function idsUpFrom(context: Context, id: string): string[] {
  return context.database
    .all<{ id: string }>(
      `WITH RECURSIVE above (id, parent) AS (
         SELECT id, parent_resource_id FROM authorization_resources WHERE id = ?
         UNION ALL
         SELECT parents.id, parents.parent_resource_id
         FROM authorization_resources AS parents JOIN above ON parents.id = above.parent
       ) SELECT id FROM above`,
      [id],
    )
    .map((row) => row.id);
}
