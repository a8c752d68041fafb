import { createPublicKey } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { Context } from '../kit/context.ts';
import { environmentOfClient } from '../kit/environments.ts';
import { oauthError } from '../kit/errors.ts';
import { contextOf } from '../pages/context-of.ts';
import type { PageHost, Visit } from '../pages/host.ts';
import { authorizationById } from '../resources/authorized-applications/authorized-applications.table.ts';
import {
  type ApplicationRow,
  applicationById,
} from '../resources/connect-applications/connect-applications.table.ts';
import { grantOf } from '../resources/connect-oauth/grants.table.ts';
import { signingKeyOf } from '../resources/signing-keys/signing-keys.table.ts';
import { requireUser } from '../resources/users/users.table.ts';
import { authenticateClient, type Fields } from './token-endpoint.ts';
import { userClaims } from './tokens.ts';

/**
 * Whether a token is good at this moment (RFC 7662): unlike its signature this knows what has been revoked.
 *
 * @throws ApiError 401 for a client that does not show its secret
 */
export async function introspect(
  context: Context,
  application: ApplicationRow,
  fields: Fields,
): Promise<object> {
  const hasSecret = context.database.write(() => authenticateClient(context, application, fields));
  if (!hasSecret) throw oauthError(401, 'invalid_client', 'Introspection wants the client secret.');
  const token = fields['token'] ?? '';
  const refresh = grantOf(context, 'refresh_token', token);
  if (refresh !== null) {
    const authorization = authorizationById(context, refresh.authorization_id);
    const isActive =
      refresh.used_at === null &&
      context.now < refresh.expires_at &&
      authorization?.application_id === application.id;
    return isActive
      ? {
          active: true,
          token_type: 'refresh_token',
          client_id: application.client_id,
          sub: authorization.user_id,
          sid: authorization.id,
          exp: Math.floor(Date.parse(refresh.expires_at) / 1000),
        }
      : { active: false };
  }
  const claims = await verified(context, token);
  if (claims === null || claims['client_id'] !== application.client_id) return { active: false };
  return isStanding(context, claims)
    ? { active: true, token_type: 'access_token', ...claims }
    : { active: false };
}

/**
 * What an access token's scopes tell of its user.
 *
 * @throws ApiError 401
 */
export async function userInfo(host: PageHost, visit: Visit, token: string): Promise<object> {
  const { decodeJwt } = await import('jose');
  const issuer = parsed(() => decodeJwt(token).iss) ?? '';
  const environment = environmentOfClient(host.database, issuer.slice(issuer.lastIndexOf('/') + 1));
  if (environment !== null) {
    const context = contextOf(host, environment, visit);
    const claims = await verified(context, token);
    if (claims !== null && typeof claims['sid'] === 'string' && isStanding(context, claims)) {
      const { scope } = claims;
      const scopes = typeof scope === 'string' ? scope.split(' ') : [];
      return userClaims(requireUser(context, claims.sub ?? ''), scopes);
    }
  }
  throw oauthError(401, 'invalid_token', 'The access token has expired, or is none of a user.');
}

/** Whether what a token came of still stands: the user's consent, or the application itself. */
function isStanding(context: Context, claims: JWTPayload): boolean {
  const { sid, client_id: clientId } = claims;
  if (typeof sid === 'string') return authorizationById(context, sid) !== null;
  return typeof clientId === 'string' && applicationById(context, clientId) !== null;
}

/** The claims of a token this environment has signed and that has not expired; null for any other text. */
async function verified(context: Context, token: string): Promise<JWTPayload | null> {
  const key = signingKeyOf(context.database, context.environment.id);
  if (key === null) return null;
  const { jwtVerify } = await import('jose');
  try {
    const { payload } = await jwtVerify(token, createPublicKey(key.private_key), {
      algorithms: ['RS256'],
      currentDate: new Date(context.time),
    });
    return payload;
  } catch {
    return null;
  }
}

function parsed<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch {
    return null;
  }
}
