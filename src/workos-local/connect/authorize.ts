import type { Database } from '../../sqlite/index.ts';
import { minute, timestamp } from '../kit/clock.ts';
import type { Context } from '../kit/context.ts';
import { randomToken } from '../kit/random.ts';
import { PageError } from '../pages/page-error.ts';
import { backTo } from '../resources/authorization-flows/authorize.ts';
import {
  type ApplicationRow,
  redirectTargetsOf,
  scopesOf,
} from '../resources/connect-applications/connect-applications.table.ts';
import { oauthPath } from '../resources/connect-oauth/external-auth.ts';
import { insertConnectRequest, loginUriOf } from '../resources/connect-oauth/requests.table.ts';

/** How long somebody has from the authorize URL until they have answered. */
const lifetime = 30 * minute;

/** The scopes of OpenID Connect, which every application may ask for. */
export const standardScopes = ['openid', 'profile', 'email', 'offline_access'] as const;

export type Query = Readonly<Record<string, string | undefined>>;

/**
 * Takes a request for authorization (RFC 6749, section 4.1.1) to where its user signs in, or back with an error.
 *
 * @throws PageError 400 when nobody can tell whom to tell
 */
export function authorizeLocation(context: Context, application: ApplicationRow, query: Query): string {
  const redirectUri = redirectFor(application, query['redirect_uri']);
  const state = query['state'] ?? null;
  const back = (error: string, description: string) =>
    backTo(redirectUri, { error, error_description: description, state });
  if (query['response_type'] !== 'code') {
    return back('unsupported_response_type', 'response_type must be code.');
  }
  const scopes = (query['scope'] ?? '').split(' ').filter((scope) => scope !== '');
  const allowed = new Set<string>([...standardScopes, ...scopesOf(application)]);
  const unknown = scopes.filter((scope) => !allowed.has(scope));
  if (unknown.length > 0) return back('invalid_scope', `The application has no scope ${unknown.join(' ')}.`);
  const challenge = query['code_challenge'] ?? null;
  if (challenge === null && application.uses_pkce === 1) {
    return back('invalid_request', 'A public application must send a code_challenge.');
  }
  if (challenge !== null && query['code_challenge_method'] !== 'S256') {
    return back('invalid_request', 'code_challenge_method must be S256.');
  }
  const id = `ext_auth_${randomToken(context.random, 32)}`;
  insertConnectRequest(context, {
    id,
    environment_id: context.environment.id,
    application_id: application.id,
    redirect_uri: redirectUri,
    scopes: JSON.stringify(scopes),
    state,
    nonce: query['nonce'] ?? null,
    code_challenge: challenge,
    resource: query['resource'] ?? null,
    expires_at: timestamp(context.time + lifetime),
  });
  const loginUri = loginUriOf(context.database, context.environment.id);
  return loginUri === null
    ? `${oauthPath}/consent?request=${id}`
    : backTo(loginUri, { external_auth_id: id });
}

function redirectFor(application: ApplicationRow, asked: string | undefined): string {
  const targets = redirectTargetsOf(application);
  const found =
    asked === undefined ? targets.find((each) => each.default) : targets.find(({ uri }) => uri === asked);
  if (found !== undefined) return found.uri;
  throw new PageError(
    400,
    'This is not a redirect URI of the application',
    `${asked ?? 'None was named, and the application has no default'}. Add it to the application’s redirect_uris.`,
  );
}

/** An application by its client id, which is one of a kind, with the environment it belongs to. */
export function applicationOfClient(
  database: Database,
  clientId: string,
): (ApplicationRow & { readonly environment_client_id: string }) | null {
  return database.get(
    `SELECT connect_applications.*, environments.client_id AS environment_client_id FROM connect_applications
     JOIN environments ON environments.id = environment_id WHERE connect_applications.client_id = ?`,
    [clientId],
  );
}
