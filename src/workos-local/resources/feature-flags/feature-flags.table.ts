import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';
import type { Filter } from '../../kit/list.ts';

export interface FlagRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  /** JSON: a FlagOwner or null. */
  readonly owner: string;
  /** JSON: a list of texts. */
  readonly tags: string;
  /** Whether it is switched on in this environment; when it is off, it is off for everybody. */
  readonly enabled: 0 | 1;
  /** Whether it is on for those who are no target. */
  readonly default_value: 0 | 1;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface Targets {
  readonly organizations: { readonly id: string; readonly name: string }[];
  readonly users: { readonly id: string; readonly email: string }[];
}

export type Target = { readonly userId: string } | { readonly organizationId: string };

export function insertFlag(context: Context, row: FlagRow): void {
  context.database.run(
    `INSERT INTO feature_flags (id, environment_id, slug, name, description, owner, tags, enabled, default_value,
       created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.slug,
      row.name,
      row.description,
      row.owner,
      row.tags,
      row.enabled,
      row.default_value,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function updateFlag(context: Context, row: FlagRow): void {
  context.database.run('UPDATE feature_flags SET enabled = ?, updated_at = ? WHERE id = ?', [
    row.enabled,
    row.updated_at,
    row.id,
  ]);
}

export function deleteFlagRow(context: Context, id: string): void {
  context.database.run('DELETE FROM feature_flags WHERE id = ?', [id]);
}

export function flagBySlug(context: Context, slug: string): FlagRow | null {
  return context.database.get<FlagRow>('SELECT * FROM feature_flags WHERE environment_id = ? AND slug = ?', [
    context.environment.id,
    slug,
  ]);
}

/** @throws ApiError 404 */
export function requireFlag(context: Context, slug: string): FlagRow {
  const row = flagBySlug(context, slug);
  if (row === null) throw notFound('Feature flag', slug);
  return row;
}

/** @returns false when it was a target already */
export function insertTarget(context: Context, flagId: string, target: Target): boolean {
  const changes = context.database.run(
    `INSERT INTO feature_flag_targets (flag_id, user_id, organization_id, created_at) VALUES (?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
    [
      flagId,
      'userId' in target ? target.userId : null,
      'userId' in target ? null : target.organizationId,
      context.now,
    ],
  );
  return changes === 1;
}

/** @returns false when it was no target */
export function deleteTarget(context: Context, flagId: string, target: Target): boolean {
  const changes = context.database.run(
    'DELETE FROM feature_flag_targets WHERE flag_id = ? AND coalesce(user_id, organization_id) = ?',
    [flagId, 'userId' in target ? target.userId : target.organizationId],
  );
  return changes === 1;
}

export function targetsOf(context: Context, flagId: string): Targets {
  return {
    organizations: context.database.all(
      `SELECT organizations.id, organizations.name FROM feature_flag_targets AS target
       JOIN organizations ON organizations.id = target.organization_id
       WHERE target.flag_id = ? ORDER BY target.created_at, organizations.id`,
      [flagId],
    ),
    users: context.database.all(
      `SELECT users.id, users.email FROM feature_flag_targets AS target JOIN users ON users.id = target.user_id
       WHERE target.flag_id = ? ORDER BY target.created_at, users.id`,
      [flagId],
    ),
  };
}

/** Of flags: those that are on for an organization. */
export function onForOrganization(organizationId: string): Filter {
  return [
    `enabled = 1 AND (default_value = 1
       OR id IN (SELECT flag_id FROM feature_flag_targets WHERE organization_id = ?))`,
    organizationId,
  ];
}

/** Of flags: those that are on for a user, by themselves or through an organization they are an active member of. */
export function onForUser(userId: string): Filter {
  return [
    `enabled = 1 AND (default_value = 1
       OR id IN (SELECT flag_id FROM feature_flag_targets WHERE user_id = ?)
       OR id IN (SELECT target.flag_id FROM organization_memberships AS membership
                 JOIN feature_flag_targets AS target ON target.organization_id = membership.organization_id
                 WHERE membership.user_id = ? AND membership.status = 'active'))`,
    userId,
    userId,
  ];
}

/** The flags that are on for a user who is signed in to an organization, or to none. */
export function slugsFor(context: Context, userId: string, organizationId: string | null): string[] {
  return context.database
    .all<{ slug: string }>(
      `SELECT slug FROM feature_flags WHERE environment_id = ? AND enabled = 1 AND (default_value = 1
         OR id IN (SELECT flag_id FROM feature_flag_targets WHERE user_id = ? OR organization_id = ?))
       ORDER BY slug`,
      [context.environment.id, userId, organizationId],
    )
    .map((row) => row.slug);
}
