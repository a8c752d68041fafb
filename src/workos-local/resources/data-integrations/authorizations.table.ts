import type { Context } from '../../kit/context.ts';
import { hashSecret } from '../../kit/environments.ts';
import type { AccountOwner } from './connected-accounts.table.ts';

/** A visit to a provider that somebody was sent on. */
export interface PendingAuthorization {
  readonly token_hash: string;
  readonly environment_id: string;
  readonly client_id: string;
  readonly slug: string;
  readonly user_id: string;
  readonly organization_id: string | null;
  readonly return_to: string | null;
  readonly used_at: string | null;
  readonly expires_at: string;
}

export function insertAuthorization(
  context: Context,
  token: string,
  authorization: AccountOwner & {
    readonly providerId: string;
    readonly returnTo: string | null;
    readonly expiresAt: string;
  },
): void {
  context.database.run(
    `INSERT INTO data_integration_authorizations (token_hash, environment_id, provider_id, user_id, organization_id,
       return_to, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [
      hashSecret(token),
      context.environment.id,
      authorization.providerId,
      authorization.userId,
      authorization.organizationId,
      authorization.returnTo,
      authorization.expiresAt,
    ],
  );
}

/** Whatever its environment: the token tells which one that is. */
export function authorizationByToken(
  database: Context['database'],
  token: string,
): PendingAuthorization | null {
  return database.get<PendingAuthorization>(
    `SELECT pending.*, slug, client_id FROM data_integration_authorizations AS pending
     JOIN data_providers ON data_providers.id = provider_id
     JOIN environments ON environments.id = pending.environment_id
     WHERE token_hash = ?`,
    [hashSecret(token)],
  );
}

/** @returns whether this was its first use */
export function useAuthorization(context: Context, tokenHash: string): boolean {
  const used = context.database.run(
    'UPDATE data_integration_authorizations SET used_at = ? WHERE token_hash = ? AND used_at IS NULL',
    [context.now, tokenHash],
  );
  return used > 0;
}
