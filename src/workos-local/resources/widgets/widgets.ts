import { minute, second } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { badRequest } from '../../kit/errors.ts';
import { Later, type OperationRequest, type Resource } from '../../operation.ts';
import {
  membershipBetween,
  rolesOfMemberships,
} from '../organization-memberships/organization-memberships.table.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { permissionsOfRoles, roleOfOrganization } from '../roles/roles.table.ts';
import { type Claims, issuerOf, signToken } from '../sessions/access-token.ts';
import { ensureSigningKey } from '../signing-keys/signing-keys.ts';
import { requireUser } from '../users/users.table.ts';

type Body = OperationRequest<'WidgetsPublicController_issueWidgetSessionToken'>['body'];
export type WidgetScope = NonNullable<Body['scopes']>[number];

/** Whom a widget token is for. */
export const widgetAudience = 'widgets';
const lifetime = 60 * minute;

export const widgetScopes: readonly WidgetScope[] = [
  'widgets:users-table:manage',
  'widgets:domain-verification:manage',
  'widgets:sso:manage',
  'widgets:api-keys:manage',
  'widgets:dsync:manage',
  'widgets:audit-log-streaming:manage',
];

export const widgets = {
  WidgetsPublicController_issueWidgetSessionToken: {
    prepare: async (_request, prepared) => {
      const key = await ensureSigningKey(prepared);
      return (context, { body }) => {
        const organization = requireOrganization(context, body.organization_id);
        const scopes = scopesFor(context, organization.id, body);
        const issued = Math.floor(context.time / second);
        const claims: Claims = {
          iss: issuerOf(context.environment.client_id),
          aud: widgetAudience,
          ...(body.user_id === undefined ? {} : { sub: body.user_id }),
          org_id: organization.id,
          permissions: scopes,
          jti: context.newId(''),
          iat: issued,
          exp: issued + lifetime / second,
        };
        return new Later(async () => ({ token: await signToken(claims, key) }));
      };
    },
  },
} satisfies Resource<'WidgetsPublicController_issueWidgetSessionToken'>;

/**
 * What was asked for, as far as the user may have it; everything when nothing was named.
 *
 * @throws ApiError 404 for a user who is not there, 400 for one who is no member or may have none of it
 */
function scopesFor(context: Context, organizationId: string, body: Body): readonly WidgetScope[] {
  const asked = body.scopes ?? widgetScopes;
  if (body.user_id === undefined) return asked;
  const permissions = permissionsIn(context, organizationId, requireUser(context, body.user_id).id);
  const granted = asked.filter((scope) => permissions.has(scope));
  if (granted.length > 0 || asked.length === 0) return granted;
  throw badRequest(
    'missing_permissions',
    `The user's roles in the organization have none of ${asked.join(', ')}.`,
  );
}

function permissionsIn(context: Context, organizationId: string, userId: string): ReadonlySet<string> {
  const membership = membershipBetween(context, organizationId, userId);
  if (membership?.status !== 'active') {
    throw badRequest('not_a_member', 'The user is no active member of the organization.');
  }
  const slugs = rolesOfMemberships(context, [membership.id]).get(membership.id) ?? [];
  const roles = slugs
    .map((slug) => roleOfOrganization(context, organizationId, slug)?.id)
    .filter((id) => id !== undefined);
  return new Set([...permissionsOfRoles(context, roles).values()].flat());
}
