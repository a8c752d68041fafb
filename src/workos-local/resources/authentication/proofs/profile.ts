import type { Context } from '../../../kit/context.ts';
import { type ConnectionRow, requireConnection } from '../../connections/connections.table.ts';
import { membershipBetween } from '../../organization-memberships/organization-memberships.table.ts';
import { moveMembership } from '../../organization-memberships/organization-memberships.ts';
import type { AuthenticationMethod } from '../../sessions/authentication-method.ts';
import type { Device } from '../../sessions/session.ts';
import { assertSignUpOn } from '../../sign-in-settings/sign-in-settings.ts';
import type { ProfileRow } from '../../sso/profiles.table.ts';
import { isAtVerifiedDomain } from '../../sso/sign-in.ts';
import { saveUser } from '../../users/user.ts';
import {
  linkIdentity,
  requireUser,
  type UserRow,
  userByEmail,
  userByIdentity,
} from '../../users/users.table.ts';
import { createUser } from '../../users/users.ts';
import { tellSso, tellSuccess } from '../authentication-events.ts';

/** Who has come back from an identity provider, and by what. */
export interface Arrival {
  readonly user: UserRow;
  readonly method: AuthenticationMethod;
  /** The organization whose connection it was; null for a provider that anybody has an account at. */
  readonly organizationId: string | null;
}

/**
 * The user an identity provider says has signed in: the one with that account or address, or a new one. An
 * organization that has verified its domain speaks for the addresses at it, and whoever it sends is its member; in all
 * other cases a user who is there already has to show that the address is theirs.
 */
export function userOfProfile(context: Context, profile: ProfileRow, device: Device): Arrival {
  const connection = requireConnection(context, profile.connection_id);
  const { organization_id: organizationId } = connection;
  const type = connection.connection_type;
  if (isProvider(type)) {
    const identity = { provider: providers[type], idpId: profile.idp_id };
    const known = userByIdentity(context, identity.provider, identity.idpId);
    const there = known ?? userByEmail(context, profile.email);
    if (there === null) assertSignUpOn(context);
    const user = there ?? newUser(context, profile, true);
    // An account at a provider is somebody's once their address is.
    if (user.email_verified === 1) linkIdentity(context, user, { ...identity, email: user.email });
    tellSuccess(context, 'oauth', user, device);
    return { user, method: type, organizationId };
  }
  const isVouched = organizationId !== null && isAtVerifiedDomain(context, organizationId, profile.email);
  const there = userByEmail(context, profile.email);
  if (there === null && !isVouched) assertSignUpOn(context);
  const user = there ?? newUser(context, profile, isVouched);
  const method = 'SSO';
  tellSso(context, 'succeeded', user, device, connection);
  if (organizationId === null || !isVouched) return { user, method, organizationId };
  const verified = saveUser(context, user, { ...user, email_verified: 1 });
  const membership = membershipBetween(context, organizationId, user.id);
  // Whom the organization has let go stays out.
  if (membership?.status !== 'inactive') {
    moveMembership(context, 'accept', { user: verified, organizationId, roles: null });
  }
  return { user: verified, method, organizationId };
}

function newUser(context: Context, profile: ProfileRow, isVerified: boolean): UserRow {
  const { id } = createUser(context, {
    email: profile.email,
    email_verified: isVerified,
    ...(profile.first_name === null ? {} : { first_name: profile.first_name }),
    ...(profile.last_name === null ? {} : { last_name: profile.last_name }),
  });
  return requireUser(context, id);
}

type Provider = Parameters<typeof linkIdentity>[2]['provider'];
type OAuthMethod = Extract<AuthenticationMethod, ConnectionRow['connection_type']>;

/** The providers anybody has an account at, each as the identities of users name it. */
const providers = {
  AppleOAuth: 'AppleOAuth',
  BitbucketOAuth: 'BitbucketOAuth',
  DiscordOAuth: 'DiscordOAuth',
  GitHubOAuth: 'GithubOAuth',
  GitLabOAuth: 'GitLabOAuth',
  GoogleOAuth: 'GoogleOAuth',
  IntuitOAuth: 'IntuitOAuth',
  LinkedInOAuth: 'LinkedInOAuth',
  MicrosoftOAuth: 'MicrosoftOAuth',
  SalesforceOAuth: 'SalesforceOAuth',
  SlackOAuth: 'SlackOAuth',
  VercelMarketplaceOAuth: 'VercelMarketplaceOAuth',
  VercelOAuth: 'VercelOAuth',
  XeroOAuth: 'XeroOAuth',
} as const satisfies Partial<Record<OAuthMethod, Provider>>;

/** Whether a connection is a provider that anybody has an account at, whose sign-ins are told of as OAuth. */
export function isOAuthConnection({ connection_type: type }: ConnectionRow): boolean {
  return isProvider(type);
}

function isProvider(type: string): type is keyof typeof providers {
  return Object.hasOwn(providers, type);
}
