import type { Context } from '../../kit/context.ts';

export interface AuthorizationRow {
  readonly id: string;
  readonly user_id: string;
  readonly application_id: string;
  readonly organization_id: string | null;
  /** JSON: names. */
  readonly granted_scopes: string;
  readonly oauth_resource: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface Grant {
  readonly userId: string;
  readonly applicationId: string;
  readonly organizationId: string | null;
  readonly scopes: readonly string[];
  readonly resource: string | null;
}

export function authorizationBetween(
  context: Context,
  userId: string,
  applicationId: string,
): AuthorizationRow | null {
  return context.database.get<AuthorizationRow>(
    'SELECT * FROM authorized_applications WHERE environment_id = ? AND user_id = ? AND application_id = ?',
    [context.environment.id, userId, applicationId],
  );
}

export function authorizationById(context: Context, id: string): AuthorizationRow | null {
  return context.database.get<AuthorizationRow>(
    'SELECT * FROM authorized_applications WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
}

/** Keeps what a user lets an application do; what was granted before is granted still. */
export function grant(context: Context, given: Grant): AuthorizationRow {
  const before = authorizationBetween(context, given.userId, given.applicationId);
  const scopes = new Set([...(before === null ? [] : grantedScopesOf(before)), ...given.scopes]);
  const row: AuthorizationRow = {
    id: before?.id ?? context.newId('authorized_connect_app_'),
    user_id: given.userId,
    application_id: given.applicationId,
    organization_id: given.organizationId,
    granted_scopes: JSON.stringify([...scopes]),
    oauth_resource: given.resource,
    created_at: before?.created_at ?? context.now,
    updated_at: context.now,
  };
  context.database.run(
    `INSERT INTO authorized_applications (id, environment_id, user_id, application_id, organization_id, granted_scopes,
       oauth_resource, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id,
       granted_scopes = excluded.granted_scopes, oauth_resource = excluded.oauth_resource,
       updated_at = excluded.updated_at`,
    [
      row.id,
      context.environment.id,
      row.user_id,
      row.application_id,
      row.organization_id,
      row.granted_scopes,
      row.oauth_resource,
      row.created_at,
      row.updated_at,
    ],
  );
  return row;
}

export function deleteAuthorizationRow(context: Context, id: string): void {
  context.database.run('DELETE FROM authorized_applications WHERE id = ?', [id]);
}

export function grantedScopesOf(row: AuthorizationRow): string[] {
  // Written by this server from a list.
  return JSON.parse(row.granted_scopes) as string[];
}
