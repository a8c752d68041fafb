import type { Context } from '../../kit/context.ts';
import {
  type ConnectionRow,
  type ConnectionType,
  requireConnection,
} from '../connections/connections.table.ts';
import { membershipBetween } from '../organization-memberships/organization-memberships.table.ts';
import { createMembership } from '../organization-memberships/organization-memberships.ts';
import type { AuthenticationMethod } from '../sessions/authentication-method.ts';
import { saveUser } from '../users/user.ts';
import { linkIdentity, requireUser, type UserRow, userByEmail } from '../users/users.table.ts';
import { createUser } from '../users/users.ts';
import type { ProfileRow } from './profiles.table.ts';
import { isAtVerifiedDomain } from './sign-in.ts';

/** The providers users have accounts of their own at: as identities name them, and as authentication does. */
const socialProviders = [
  { type: 'AppleOAuth', identity: 'AppleOAuth', method: 'AppleOAuth' },
  { type: 'GitHubOAuth', identity: 'GithubOAuth', method: 'GitHubOAuth' },
  { type: 'GoogleOAuth', identity: 'GoogleOAuth', method: 'GoogleOAuth' },
  { type: 'MicrosoftOAuth', identity: 'MicrosoftOAuth', method: 'MicrosoftOAuth' },
] as const satisfies readonly {
  type: ConnectionType;
  identity: Parameters<typeof linkIdentity>[2]['provider'];
  method: AuthenticationMethod;
}[];

export interface Provisioned {
  readonly user: UserRow;
  readonly connection: ConnectionRow;
  readonly method: AuthenticationMethod;
}

/**
 * The user of somebody who has signed in at an identity provider, made when there is none. Who has an address at a
 * domain that the connection's organization has verified becomes its member; a guest has to be invited.
 */
export function provisionUser(context: Context, profile: ProfileRow): Provisioned {
  const connection = requireConnection(context, profile.connection_id);
  const { organization_id: organizationId } = connection;
  // A social provider vouches for its users' addresses, an organization for those at its own domains.
  const isVouchedFor = organizationId === null || isAtVerifiedDomain(context, organizationId, profile.email);
  const user = userOf(context, profile, isVouchedFor);
  if (organizationId === null) {
    const social = socialProviders.find(({ type }) => type === connection.connection_type);
    if (social === undefined) return { user, connection, method: 'SSO' };
    const { identity, method } = social;
    linkIdentity(context, user, { provider: identity, idpId: profile.idp_id, email: profile.email });
    return { user, connection, method };
  }
  const membership = membershipBetween(context, organizationId, user.id);
  // One who was switched off stays so: somebody has decided that.
  if (isVouchedFor && (membership === null || membership.status === 'pending')) {
    createMembership(context, { user_id: user.id, organization_id: organizationId });
  }
  return { user, connection, method: 'SSO' };
}

function userOf(context: Context, profile: ProfileRow, isVouchedFor: boolean): UserRow {
  const known = userByEmail(context, profile.email);
  if (known === null) {
    const { id } = createUser(context, {
      email: profile.email,
      ...(profile.first_name === null ? {} : { first_name: profile.first_name }),
      ...(profile.last_name === null ? {} : { last_name: profile.last_name }),
      email_verified: isVouchedFor,
    });
    return requireUser(context, id);
  }
  if (isVouchedFor && known.email_verified === 0) {
    saveUser(context, known, { ...known, email_verified: 1 });
    return requireUser(context, known.id);
  }
  return known;
}
