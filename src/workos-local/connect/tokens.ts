import { minute, second } from '../kit/clock.ts';
import type { Context } from '../kit/context.ts';
import type { AuthorizationRow } from '../resources/authorized-applications/authorized-applications.table.ts';
import type { ApplicationRow } from '../resources/connect-applications/connect-applications.table.ts';
import { oauthPath } from '../resources/connect-oauth/external-auth.ts';
import { membershipBetween } from '../resources/organization-memberships/organization-memberships.table.ts';
import type { Claims } from '../resources/sessions/access-token.ts';
import { requireUser, type UserRow } from '../resources/users/users.table.ts';

export const accessTokenSeconds = (5 * minute) / second;

/** Who issues the tokens of an environment's Connect applications: each environment is an issuer of its own. */
export function connectIssuer(context: Context): string {
  return `${context.baseUrl}${oauthPath}/${context.environment.client_id}`;
}

function times(context: Context) {
  const issued = Math.floor(context.time / second);
  return { iat: issued, exp: issued + accessTokenSeconds };
}

export function userAccessClaims(
  context: Context,
  application: ApplicationRow,
  authorization: AuthorizationRow,
  scopes: readonly string[],
  chosen: Readonly<Record<string, string>>,
): Claims {
  const { organization_id: organizationId, user_id: userId } = authorization;
  // A member no more: the token is for the user alone.
  const isMember =
    organizationId !== null && membershipBetween(context, organizationId, userId)?.status === 'active';
  return {
    ...chosen,
    iss: connectIssuer(context),
    aud: authorization.oauth_resource ?? context.environment.client_id,
    sub: userId,
    ...(isMember ? { org_id: organizationId } : {}),
    sid: authorization.id,
    client_id: application.client_id,
    scope: scopes.join(' '),
    jti: context.newId(''),
    ...times(context),
  };
}

export function machineAccessClaims(
  context: Context,
  application: ApplicationRow,
  scopes: readonly string[],
): Claims {
  return {
    iss: connectIssuer(context),
    aud: context.environment.client_id,
    sub: application.client_id,
    org_id: application.organization_id,
    client_id: application.client_id,
    scope: scopes.join(' '),
    jti: context.newId(''),
    ...times(context),
  };
}

export function identityClaims(
  context: Context,
  application: ApplicationRow,
  authorization: AuthorizationRow,
  scopes: readonly string[],
  nonce: string | null,
): Claims {
  return {
    iss: connectIssuer(context),
    aud: application.client_id,
    ...(nonce === null ? {} : { nonce }),
    ...userClaims(requireUser(context, authorization.user_id), scopes),
    ...times(context),
  };
}

/** What the scopes of OpenID Connect tell of a user. */
export function userClaims(user: UserRow, scopes: readonly string[]): Claims {
  return {
    sub: user.id,
    ...(scopes.includes('profile')
      ? { name: user.name, given_name: user.first_name, family_name: user.last_name }
      : {}),
    ...(scopes.includes('email') ? { email: user.email, email_verified: user.email_verified === 1 } : {}),
  };
}
