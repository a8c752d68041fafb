import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';

export interface RedirectTarget {
  readonly uri: string;
  readonly default: boolean;
}

export interface ApplicationRow {
  readonly id: string;
  readonly environment_id: string;
  readonly client_id: string;
  readonly application_type: 'oauth' | 'm2m';
  readonly name: string;
  readonly description: string | null;
  /** JSON: names. */
  readonly scopes: string;
  /** JSON: `RedirectTarget`s. */
  readonly redirect_uris: string;
  /** A public application: it has no secret to keep, and shows a verifier instead. */
  readonly uses_pkce: 0 | 1;
  readonly is_first_party: 0 | 1;
  readonly organization_id: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertApplication(context: Context, row: ApplicationRow): void {
  context.database.run(
    `INSERT INTO connect_applications (id, environment_id, client_id, application_type, name, description, scopes,
       redirect_uris, uses_pkce, is_first_party, organization_id, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      row.environment_id,
      row.client_id,
      row.application_type,
      row.name,
      row.description,
      row.scopes,
      row.redirect_uris,
      row.uses_pkce,
      row.is_first_party,
      row.organization_id,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function updateApplication(context: Context, row: ApplicationRow): void {
  context.database.run(
    `UPDATE connect_applications SET name = ?, description = ?, scopes = ?, redirect_uris = ?, updated_at = ?
     WHERE id = ?`,
    [row.name, row.description, row.scopes, row.redirect_uris, row.updated_at, row.id],
  );
}

export function deleteApplicationRow(context: Context, id: string): void {
  context.database.run('DELETE FROM connect_applications WHERE id = ?', [id]);
}

/** @param id the application's, or its client id */
export function applicationById(context: Context, id: string): ApplicationRow | null {
  return context.database.get<ApplicationRow>(
    'SELECT * FROM connect_applications WHERE environment_id = ? AND (id = ? OR client_id = ?)',
    [context.environment.id, id, id],
  );
}

/**
 * @param id the application's, or its client id
 * @throws ApiError 404
 */
export function requireApplication(context: Context, id: string): ApplicationRow {
  const row = applicationById(context, id);
  if (row === null) throw notFound('Connect application', id);
  return row;
}

export function scopesOf(row: ApplicationRow): string[] {
  // Written by this server from a checked list.
  return JSON.parse(row.scopes) as string[];
}

export function redirectTargetsOf(row: ApplicationRow): RedirectTarget[] {
  // Written by this server from a checked list.
  return JSON.parse(row.redirect_uris) as RedirectTarget[];
}
