import type { Context } from '../../kit/context.ts';
import { invalidField, unprocessable } from '../../kit/errors.ts';
import type { Resource } from '../../operation.ts';
import { isOnSiteOf, matchesRedirectUri, parseRedirectUri } from './redirect-uri.ts';
import { insertRedirectUri, type RedirectUriRow, redirectUrisOf } from './redirect-uris.table.ts';

export const redirectUris = {
  RedirectUrisController_create: (context, { body }) => createRedirectUri(context, body.uri),
} satisfies Resource<'RedirectUrisController_create'>;

/**
 * Lets browsers be sent back to an address. The first one without a wildcard is the environment's default.
 *
 * @throws ApiError 422 when it cannot be one, or is registered already
 */
export function createRedirectUri(context: Context, uri: string, id = context.newId('ruri_')) {
  const pattern = parseRedirectUri(uri);
  if (typeof pattern === 'string') throw invalidField('uri', 'invalid_redirect_uri', pattern);
  const hasDefault = redirectUrisOf(context)[0]?.is_default === 1;
  const row: RedirectUriRow = {
    id,
    uri,
    is_default: hasDefault || uri.includes('*') ? 0 : 1,
    created_at: context.now,
    updated_at: context.now,
  };
  if (!insertRedirectUri(context, row)) {
    throw unprocessable('redirect_uri_already_exists', `Redirect URI '${uri}' already exists.`);
  }
  return {
    object: 'redirect_uri' as const,
    id: row.id,
    uri: row.uri,
    default: row.is_default === 1,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** Whether a browser may be sent back to an address with what somebody has signed in with. */
export function isRedirectAllowed(context: Context, uri: string): boolean {
  return redirectUrisOf(context).some((row) => matchesRedirectUri(row.uri, uri));
}

/**
 * Whether a browser that has logged out may be sent to an address: it carries nothing there, so any page of the sites
 * that sign-in returns to will do.
 */
export function isReturnAllowed(context: Context, uri: string): boolean {
  return redirectUrisOf(context).some((row) => isOnSiteOf(row.uri, uri));
}
