import type { Context } from '../kit/context.ts';
import { type ApiError, oauthError } from '../kit/errors.ts';
import { isVerifierOf } from '../resources/authentication/authorization-codes.ts';
import {
  type AuthorizationRow,
  authorizationById,
} from '../resources/authorized-applications/authorized-applications.table.ts';
import { useClientSecret } from '../resources/connect-applications/client-secrets.table.ts';
import {
  type ApplicationRow,
  scopesOf,
} from '../resources/connect-applications/connect-applications.table.ts';
import {
  deleteGrantsOf,
  type GrantKind,
  type GrantRow,
  grantOf,
  newGrant,
  useGrant,
} from '../resources/connect-oauth/grants.table.ts';
import type { Claims } from '../resources/sessions/access-token.ts';
import { identityClaims, machineAccessClaims, userAccessClaims } from './tokens.ts';

/** The fields of a request to an endpoint of OAuth. */
export type Fields = Readonly<Record<string, string | undefined>>;

/** What is to be signed, when the transaction has been kept. */
export interface Issued {
  readonly access: Claims;
  readonly identity: Claims | null;
  readonly refreshToken: string | null;
  readonly scopes: readonly string[];
}

/**
 * Answers a request for tokens (RFC 6749, sections 4.1.3, 4.4 and 6).
 *
 * @returns an error to answer with, whose traces are to be kept: tokens shown twice have been revoked
 * @throws ApiError 400 or 401
 */
export function issueTokens(
  context: Context,
  application: ApplicationRow,
  fields: Fields,
): Issued | ApiError {
  const hasSecret = authenticateClient(context, application, fields);
  const type = fields['grant_type'];
  if (type === 'client_credentials') return forMachine(context, application, hasSecret, fields);
  if (type === 'authorization_code') return forUser(context, application, 'code', hasSecret, fields);
  if (type === 'refresh_token') return forUser(context, application, 'refresh_token', hasSecret, fields);
  throw oauthError(400, 'unsupported_grant_type', `There is no grant_type ${type ?? '(none)'}.`);
}

/**
 * @returns whether the client has shown its secret; a public application has none to show
 * @throws ApiError 401 `invalid_client`
 */
export function authenticateClient(context: Context, application: ApplicationRow, fields: Fields): boolean {
  const secret = fields['client_secret'];
  if (secret === undefined && application.uses_pkce === 1) return false;
  if (secret !== undefined && useClientSecret(context, application.id, secret)) return true;
  throw oauthError(401, 'invalid_client', 'The client secret is missing, or is none of the application’s.');
}

function forMachine(
  context: Context,
  application: ApplicationRow,
  hasSecret: boolean,
  fields: Fields,
): Issued {
  if (application.application_type !== 'm2m' || !hasSecret) {
    throw oauthError(400, 'unauthorized_client', 'This grant is for machine-to-machine applications.');
  }
  const all = scopesOf(application);
  const asked =
    fields['scope'] === undefined ? all : fields['scope'].split(' ').filter((scope) => scope !== '');
  if (asked.some((scope) => !all.includes(scope))) {
    throw oauthError(400, 'invalid_scope', `The application has the scopes ${all.join(' ') || '(none)'}.`);
  }
  return {
    access: machineAccessClaims(context, application, asked),
    identity: null,
    refreshToken: null,
    scopes: asked,
  };
}

function forUser(
  context: Context,
  application: ApplicationRow,
  kind: GrantKind,
  hasSecret: boolean,
  fields: Fields,
): Issued | ApiError {
  if (application.application_type !== 'oauth') {
    throw oauthError(400, 'unauthorized_client', 'A machine acts for no user.');
  }
  const row = grantOf(context, kind, fields[kind] ?? '');
  const authorization = row === null ? null : authorizationById(context, row.authorization_id);
  if (row === null || authorization?.application_id !== application.id) throw invalidGrant(kind);
  if (row.used_at !== null) {
    // Somebody else has it: nothing that came of it is to be trusted any more.
    deleteGrantsOf(context, authorization.id);
    return invalidGrant(kind);
  }
  if (context.now >= row.expires_at) throw invalidGrant(kind);
  if (kind === 'code') requireSameClient(row, hasSecret, fields);
  useGrant(context, row);
  return issue(context, application, authorization, row);
}

/** A code is for the client that asked for it, and comes back to where it was sent. */
function requireSameClient(row: GrantRow, hasSecret: boolean, fields: Fields): void {
  if (fields['redirect_uri'] !== undefined && fields['redirect_uri'] !== row.redirect_uri) {
    throw oauthError(400, 'invalid_grant', 'The redirect_uri is not the one the code was sent to.');
  }
  const verifier = fields['code_verifier'];
  if (row.code_challenge === null && !hasSecret) throw invalidGrant('code');
  if (
    row.code_challenge !== null &&
    (verifier === undefined || !isVerifierOf(row.code_challenge, verifier))
  ) {
    throw oauthError(400, 'invalid_grant', 'The code_verifier does not fit the code_challenge.');
  }
}

function issue(
  context: Context,
  application: ApplicationRow,
  authorization: AuthorizationRow,
  row: GrantRow,
): Issued {
  // Written by this server, both.
  const scopes = JSON.parse(row.scopes) as string[];
  const chosen = JSON.parse(row.claims) as Record<string, string>;
  return {
    access: userAccessClaims(context, application, authorization, scopes, chosen),
    identity: scopes.includes('openid')
      ? identityClaims(context, application, authorization, scopes, row.nonce)
      : null,
    refreshToken: scopes.includes('offline_access')
      ? newGrant(context, 'refresh_token', { ...row, redirect_uri: null, code_challenge: null, nonce: null })
      : null,
    scopes,
  };
}

function invalidGrant(kind: GrantKind): ApiError {
  return oauthError(400, 'invalid_grant', `The ${kind} has expired, has been used, or was never given out.`);
}
