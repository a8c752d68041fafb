import { createPrivateKey } from 'node:crypto';
import { second } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { oauthError } from '../../kit/errors.ts';
import { featureFlagsClaim } from '../feature-flags/feature-flags.ts';
import { largestClaims, templateClaims } from '../jwt-templates/jwt-templates.ts';
import { membershipEvent } from '../organization-memberships/organization-membership.ts';
import {
  membershipBetween,
  rolesOfMemberships,
} from '../organization-memberships/organization-memberships.table.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { servedOrganization } from '../organizations/organizations.ts';
import { permissionsOfRoles, roleOfOrganization } from '../roles/roles.table.ts';
import { settingsOf } from '../sign-in-settings/sign-in-settings.ts';
import type { SigningKeyRow } from '../signing-keys/signing-keys.table.ts';
import { serializeUser } from '../users/user.ts';
import { requireUser } from '../users/users.table.ts';
import { impersonatorOf } from './session.ts';
import type { SessionRow } from './sessions.table.ts';

/** The claims of an access token, by their names in the token. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * The claims of a session's next access token: who, in which session and organization, with which roles,
 * permissions and flags at this moment, and what the environment's template adds.
 *
 * @throws ApiError 400 `token_too_big` when the template makes more of them than a cookie holds
 */
export function accessTokenClaims(context: Context, session: SessionRow): Claims {
  const user = requireUser(context, session.user_id);
  const place = session.organization_id === null ? null : placeIn(context, session, session.organization_id);
  const custom = templateClaims(context, {
    user: serializeUser(user),
    organization: place?.organization ?? null,
    organization_membership: place?.membership ?? null,
  });
  if (Buffer.byteLength(JSON.stringify(custom)) > largestClaims) {
    throw oauthError(400, 'token_too_big', `The JWT template renders to more than ${largestClaims} bytes.`);
  }
  const { impersonator } = impersonatorOf(session);
  const issued = Math.floor(context.time / second);
  return {
    ...place?.claims,
    ...(impersonator === undefined ? {} : { act: { sub: impersonator.email } }),
    feature_flags: featureFlagsClaim(context, user.id, session.organization_id),
    sid: session.id,
    ...custom,
    iss: issuerOf(context.environment.client_id),
    sub: user.id,
    jti: context.newId(''),
    iat: issued,
    exp: issued + settingsOf(context.database, context.environment.id).access_token_length,
  };
}

/** The issuer WorkOS names in the tokens of an environment, wherever this server is reached. */
export function issuerOf(clientId: string): string {
  return `https://api.workos.com/user_management/${clientId}`;
}

/** Signs claims. Slow, and done by another thread, so it is for after the transaction. */
export async function signToken(claims: Claims, key: SigningKeyRow): Promise<string> {
  const { SignJWT } = await import('jose');
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: key.id })
    .sign(createPrivateKey(key.private_key));
}

/** What an organization makes of a user: nothing is trusted but the membership as it is now. */
function placeIn(context: Context, session: SessionRow, organizationId: string) {
  const membership = membershipBetween(context, organizationId, session.user_id);
  if (membership?.status !== 'active') throw new Error('A token is made for an active member alone.');
  const slugs = rolesOfMemberships(context, [membership.id]).get(membership.id) ?? [];
  const roles = slugs
    .map((slug) => roleOfOrganization(context, organizationId, slug)?.id)
    .filter((id) => id !== undefined);
  const permissions = new Set([...permissionsOfRoles(context, roles).values()].flat());
  const [role] = slugs;
  return {
    organization: servedOrganization(context, requireOrganization(context, organizationId)),
    membership: membershipEvent(context, membership),
    claims: { org_id: organizationId, role, roles: slugs, permissions: [...permissions] },
  };
}
