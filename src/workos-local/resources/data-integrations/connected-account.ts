import { minute, timestamp } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { randomToken } from '../../kit/random.ts';
import {
  type AccountOwner,
  type ConnectedAccountRow,
  connectedAccount,
  putConnectedAccount,
} from './connected-accounts.table.ts';
import { type DataProviderRow, requestedScopesOf } from './data-providers.table.ts';

/** How long a token of the local providers is good for. */
const tokenLifetime = 60 * minute;

/** Connects a user's account: what their consent at the provider does. One that was there is connected anew. */
export function connectAccount(
  context: Context,
  provider: DataProviderRow,
  owner: AccountOwner,
  scopes: readonly string[],
): ConnectedAccountRow {
  const before = connectedAccount(context, provider.id, owner);
  const row: ConnectedAccountRow = {
    id: before?.id ?? context.newId('data_installation_'),
    provider_id: provider.id,
    user_id: owner.userId,
    organization_id: owner.organizationId,
    scopes: JSON.stringify(scopes),
    state: 'connected',
    ...newToken(context, provider),
    is_revoked: 0,
    created_at: before?.created_at ?? context.now,
    updated_at: context.now,
  };
  putConnectedAccount(context, row);
  return row;
}

/** What a user does in a provider's own settings: the application finds out when its token has to be renewed. */
export function revokeAtProvider(context: Context, row: ConnectedAccountRow): void {
  putConnectedAccount(context, {
    ...row,
    is_revoked: 1,
    // The provider's tokens end with the grant.
    access_token_expires_at: context.now,
  });
}

export type AccountToken =
  | { readonly row: ConnectedAccountRow }
  | { readonly error: 'not_installed' | 'needs_reauthorization' };

/** An account with a token that is good: it is renewed when it has expired, unless the provider refuses. */
export function tokenOf(
  context: Context,
  provider: DataProviderRow,
  row: ConnectedAccountRow | null,
): AccountToken {
  if (row === null || row.state === 'disconnected') return { error: 'not_installed' };
  if (row.state === 'needs_reauthorization') return { error: 'needs_reauthorization' };
  if (context.now < row.access_token_expires_at) return { row };
  const changed: ConnectedAccountRow =
    row.is_revoked === 1
      ? { ...row, state: 'needs_reauthorization', updated_at: context.now }
      : { ...row, ...newToken(context, provider), updated_at: context.now };
  putConnectedAccount(context, changed);
  return changed.state === 'connected' ? { row: changed } : { error: 'needs_reauthorization' };
}

export function grantedScopesOf(row: ConnectedAccountRow): string[] {
  // Written by this server from a list.
  return JSON.parse(row.scopes) as string[];
}

export function missingScopesOf(provider: DataProviderRow, row: ConnectedAccountRow): string[] {
  const granted = grantedScopesOf(row);
  return requestedScopesOf(provider).filter((scope) => !granted.includes(scope));
}

export function serializeConnectedAccount(row: ConnectedAccountRow) {
  return {
    object: 'connected_account' as const,
    id: row.id,
    user_id: row.user_id,
    organization_id: row.organization_id,
    scopes: grantedScopesOf(row),
    state: row.state,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

function newToken(context: Context, provider: DataProviderRow) {
  return {
    access_token: `${provider.slug}_${randomToken(context.random, 40)}`,
    access_token_expires_at: timestamp(context.time + tokenLifetime),
  };
}
