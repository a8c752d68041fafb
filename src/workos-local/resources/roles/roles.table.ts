import type { Context } from '../../kit/context.ts';

/** A role of the environment, or of one organization. */
export interface RoleRow {
  readonly id: string;
  readonly organization_id: string | null;
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  readonly resource_type_slug: string;
  readonly priority: number;
  readonly is_default: 0 | 1;
  readonly created_at: string;
  readonly updated_at: string;
}

/** The role of this name that an organization's members can have: the environment's, or its own. */
export function roleOfOrganization(context: Context, organizationId: string, slug: string): RoleRow | null {
  return context.database.get<RoleRow>(
    `SELECT * FROM roles WHERE environment_id = ? AND slug = ?
       AND (organization_id IS NULL OR organization_id = ?) AND resource_type_slug = 'organization'`,
    [context.environment.id, slug, organizationId],
  );
}

/** What the members of an organization are when nothing else was said: its own default, or the environment's. */
export function defaultRole(context: Context, organizationId: string): RoleRow {
  const row = context.database.get<RoleRow>(
    `SELECT * FROM roles WHERE environment_id = ? AND is_default = 1
       AND (organization_id IS NULL OR organization_id = ?)
     ORDER BY organization_id IS NULL LIMIT 1`,
    [context.environment.id, organizationId],
  );
  if (row === null) throw new Error('Every environment has a default role.');
  return row;
}
