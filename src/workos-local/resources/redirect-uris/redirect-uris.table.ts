import { isUniqueViolation } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';

export interface RedirectUriRow {
  readonly id: string;
  readonly uri: string;
  readonly is_default: 0 | 1;
  readonly created_at: string;
  readonly updated_at: string;
}

/** @returns whether it is kept; false when the same one is there already */
export function insertRedirectUri(context: Context, row: RedirectUriRow): boolean {
  try {
    context.database.run(
      `INSERT INTO redirect_uris (id, environment_id, uri, is_default, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
      [row.id, context.environment.id, row.uri, row.is_default, row.created_at, row.updated_at],
    );
    return true;
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}

/** The default first. */
export function redirectUrisOf(context: Context): RedirectUriRow[] {
  return context.database.all<RedirectUriRow>(
    'SELECT * FROM redirect_uris WHERE environment_id = ? ORDER BY is_default DESC, created_at, id',
    [context.environment.id],
  );
}
