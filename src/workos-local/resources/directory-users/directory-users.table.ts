import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';

export interface DirectoryUserRow {
  readonly id: string;
  /** The id its provider knows: the first this user had. */
  readonly scim_id: string;
  readonly directory_id: string;
  readonly organization_id: string;
  readonly idp_id: string;
  readonly username: string | null;
  readonly username_key: string | null;
  readonly email: string | null;
  readonly state: 'active' | 'suspended' | 'inactive';
  /** Switched off by its provider, and so deleted for the API. */
  readonly is_deleted: 0 | 1;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly name: string | null;
  /** JSON: the user as its provider sent it. */
  readonly raw_attributes: string;
  /** JSON. */
  readonly custom_attributes: string;
  readonly version: number;
  /** The membership it makes its user have, where directories do. */
  readonly organization_membership_id: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertDirectoryUser(context: Context, row: DirectoryUserRow): void {
  context.database.run(
    `INSERT INTO directory_users (id, idp_id, username, username_key, email, state, is_deleted, first_name, last_name,
       name, raw_attributes, custom_attributes, version, created_at, updated_at, scim_id, directory_id,
       organization_id, environment_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [...changeable(row), row.scim_id, row.directory_id, row.organization_id, context.environment.id],
  );
}

/** The row is found by its provider's id: the API's changes when a user comes back. */
export function updateDirectoryUser(context: Context, row: DirectoryUserRow): void {
  context.database.run(
    `UPDATE directory_users SET id = ?, idp_id = ?, username = ?, username_key = ?, email = ?, state = ?,
       is_deleted = ?, first_name = ?, last_name = ?, name = ?, raw_attributes = ?, custom_attributes = ?,
       version = ?, created_at = ?, updated_at = ?
     WHERE scim_id = ?`,
    [...changeable(row), row.scim_id],
  );
}

export function linkToMembership(context: Context, row: DirectoryUserRow, membershipId: string): void {
  context.database.run('UPDATE directory_users SET organization_membership_id = ? WHERE scim_id = ?', [
    membershipId,
    row.scim_id,
  ]);
}

/** Whether another user of a directory has a membership already: one address makes one. */
export function isLinkedToAnother(context: Context, row: DirectoryUserRow, membershipId: string): boolean {
  return (
    context.database.get(
      'SELECT 1 FROM directory_users WHERE organization_membership_id = ? AND scim_id <> ?',
      [membershipId, row.scim_id],
    ) !== null
  );
}

export function deleteDirectoryUserRow(context: Context, id: string): void {
  context.database.run('DELETE FROM directory_users WHERE id = ?', [id]);
}

/** @throws ApiError 404 */
export function requireDirectoryUser(context: Context, id: string): DirectoryUserRow {
  const row = context.database.get<DirectoryUserRow>(
    'SELECT * FROM directory_users WHERE environment_id = ? AND id = ? AND is_deleted = 0',
    [context.environment.id, id],
  );
  if (row === null) throw notFound('Directory user', id);
  return row;
}

/** A user as the provider names them, also one it has switched off. */
export function directoryUserIn(
  context: Context,
  directoryId: string,
  by: { readonly scimId: string } | { readonly idpId: string } | { readonly username: string },
): DirectoryUserRow | null {
  const [condition, value] =
    'scimId' in by
      ? ['scim_id = ?', by.scimId]
      : 'idpId' in by
        ? ['idp_id = ?', by.idpId]
        : ['username_key = ?', by.username.toLowerCase()];
  return context.database.get<DirectoryUserRow>(
    `SELECT * FROM directory_users WHERE directory_id = ? AND ${condition}`,
    [directoryId, value],
  );
}

export function usersOfDirectory(context: Context, directoryId: string): DirectoryUserRow[] {
  return context.database.all<DirectoryUserRow>(
    'SELECT * FROM directory_users WHERE directory_id = ? ORDER BY created_at, id',
    [directoryId],
  );
}

function changeable(row: DirectoryUserRow) {
  return [
    row.id,
    row.idp_id,
    row.username,
    row.username_key,
    row.email,
    row.state,
    row.is_deleted,
    row.first_name,
    row.last_name,
    row.name,
    row.raw_attributes,
    row.custom_attributes,
    row.version,
    row.created_at,
    row.updated_at,
  ];
}
