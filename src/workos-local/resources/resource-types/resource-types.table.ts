import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';

/** A kind of thing that access is given to: a workspace, a project. */
export interface ResourceTypeRow {
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** The type of the root of every tree; every environment has it. */
export const organizationType = 'organization';

export function insertResourceType(
  context: Context,
  row: ResourceTypeRow,
  parentSlugs: readonly string[],
): void {
  context.database.run(
    `INSERT INTO resource_types (environment_id, slug, name, description, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [context.environment.id, row.slug, row.name, row.description, row.created_at, row.updated_at],
  );
  for (const parent of parentSlugs) {
    context.database.run(
      'INSERT INTO resource_type_parents (environment_id, slug, parent_slug) VALUES (?, ?, ?)',
      [context.environment.id, row.slug, parent],
    );
  }
}

export function resourceTypeBySlug(context: Context, slug: string): ResourceTypeRow | null {
  return context.database.get<ResourceTypeRow>(
    'SELECT slug, name, description, created_at, updated_at FROM resource_types WHERE environment_id = ? AND slug = ?',
    [context.environment.id, slug],
  );
}

/** @throws ApiError 404 */
export function requireResourceType(context: Context, slug: string): ResourceTypeRow {
  const row = resourceTypeBySlug(context, slug);
  if (row === null) throw notFound('Resource type', slug);
  return row;
}

/** The types that a resource of this type may stand directly below. */
export function parentTypesOf(context: Context, slug: string): string[] {
  return context.database
    .all<{ parent_slug: string }>(
      `SELECT parent_slug FROM resource_type_parents WHERE environment_id = ? AND slug = ? ORDER BY parent_slug`,
      [context.environment.id, slug],
    )
    .map((row) => row.parent_slug);
}

/** A type and all that can stand below it. */
export function typesWithin(context: Context, slug: string): ReadonlySet<string> {
  const rows = context.database.all<{ slug: string }>(
    `WITH RECURSIVE within (slug) AS (
       SELECT ?
       UNION SELECT below.slug FROM resource_type_parents AS below JOIN within ON below.parent_slug = within.slug
       WHERE below.environment_id = ?
     ) SELECT slug FROM within`,
    [slug, context.environment.id],
  );
  return new Set(rows.map((row) => row.slug));
}

/** A type and all that it can stand below. */
export function typesAbove(context: Context, slug: string): ReadonlySet<string> {
  const rows = context.database.all<{ slug: string }>(
    `WITH RECURSIVE above (slug) AS (
       SELECT ?
       UNION SELECT parents.parent_slug FROM resource_type_parents AS parents JOIN above ON parents.slug = above.slug
       WHERE parents.environment_id = ?
     ) SELECT slug FROM above`,
    [slug, context.environment.id],
  );
  return new Set(rows.map((row) => row.slug));
}

/** How many levels a tree has down to a resource of this type, at most: an organization is the first. */
export function depthOfType(context: Context, slug: string): number {
  const row = context.database.get<{ depth: number }>(
    `WITH RECURSIVE above (slug, depth) AS (
       SELECT ?, 1
       UNION SELECT parents.parent_slug, above.depth + 1
       FROM resource_type_parents AS parents JOIN above ON parents.slug = above.slug
       WHERE parents.environment_id = ?
     ) SELECT max(depth) AS depth FROM above`,
    [slug, context.environment.id],
  );
  return row?.depth ?? 1;
}
