import type { Context } from '../../kit/context.ts';

/** A user's account at a provider: for themselves, or for an organization they are in. */
export interface ConnectedAccountRow {
  readonly id: string;
  readonly provider_id: string;
  readonly user_id: string;
  readonly organization_id: string | null;
  /** JSON: what was granted. */
  readonly scopes: string;
  readonly state: 'connected' | 'needs_reauthorization' | 'disconnected';
  readonly access_token: string;
  readonly access_token_expires_at: string;
  readonly is_revoked: 0 | 1;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Whose account it is. */
export interface AccountOwner {
  readonly userId: string;
  readonly organizationId: string | null;
}

/** Keeps an account, in place of the one its owner had. */
export function putConnectedAccount(context: Context, row: ConnectedAccountRow): void {
  context.database.run(
    `INSERT INTO connected_accounts (id, environment_id, provider_id, user_id, organization_id, scopes, state,
       access_token, access_token_expires_at, is_revoked, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET scopes = excluded.scopes, state = excluded.state,
       access_token = excluded.access_token, access_token_expires_at = excluded.access_token_expires_at,
       is_revoked = excluded.is_revoked, updated_at = excluded.updated_at`,
    [
      row.id,
      context.environment.id,
      row.provider_id,
      row.user_id,
      row.organization_id,
      row.scopes,
      row.state,
      row.access_token,
      row.access_token_expires_at,
      row.is_revoked,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function connectedAccount(
  context: Context,
  providerId: string,
  owner: AccountOwner,
): ConnectedAccountRow | null {
  return context.database.get<ConnectedAccountRow>(
    `SELECT * FROM connected_accounts
     WHERE environment_id = ? AND provider_id = ? AND user_id = ? AND organization_id IS ?`,
    [context.environment.id, providerId, owner.userId, owner.organizationId],
  );
}

export function deleteConnectedAccount(context: Context, id: string): void {
  context.database.run('DELETE FROM connected_accounts WHERE id = ?', [id]);
}
