import type { Context } from '../../kit/context.ts';
import { oauthError } from '../../kit/errors.ts';
import { type FactorRow, factorsOfUser } from '../auth-factors/auth-factors.table.ts';
import {
  membershipBetween,
  membershipsOfUser,
  namesOfOrganizations,
} from '../organization-memberships/organization-memberships.table.ts';
import { organizationById } from '../organizations/organizations.table.ts';
import type { AuthenticationMethod } from '../sessions/authentication-method.ts';
import { beginSession, type Device } from '../sessions/session.ts';
import type { SessionRow } from '../sessions/sessions.table.ts';
import { assertMethodOn, settingsOf } from '../sign-in-settings/sign-in-settings.ts';
import { saveUser } from '../users/user.ts';
import { requireUser, type UserRow } from '../users/users.table.ts';
import { assertInvited, redeemInvitation } from './redeem-invitation.ts';
import { assertNoSsoRequired } from './sso-policy.ts';

/** Somebody who has shown who they are, and what more is known of their signing in. It is kept between steps. */
export interface SignIn {
  readonly userId: string;
  readonly method: AuthenticationMethod;
  /** The organization they want to be in; null when they have not said. */
  readonly organizationId: string | null;
  /** The token of an invitation they accept with it. */
  readonly invitationToken: string | null;
  /** Whether they have given the code of their second factor. */
  readonly hasSecondFactor: boolean;
  /** Whether the client that asks has no secret. */
  readonly isPublic: boolean;
  readonly device: Device;
}

/** What comes next for somebody who is signing in. */
export type NextStep =
  | { readonly kind: 'done'; readonly user: UserRow; readonly organizationId: string | null }
  | { readonly kind: 'email_verification'; readonly user: UserRow }
  | { readonly kind: 'second_factor'; readonly user: UserRow; readonly factors: readonly FactorRow[] }
  | { readonly kind: 'enrollment'; readonly user: UserRow }
  | { readonly kind: 'organization'; readonly user: UserRow; readonly organizations: readonly Choice[] };

export interface Choice {
  readonly id: string;
  readonly name: string;
}

/**
 * Looks what is missing until somebody is signed in: an address that is theirs, their second factor, which of their
 * organizations. Whoever holds a step's token shows one thing more and asks again, so no step can be left out.
 *
 * @throws ApiError 403 when that way is switched off, 400 when they cannot sign in by it: not invited, not a member,
 *   or by single sign-on alone
 */
export function nextStep(context: Context, signIn: SignIn): NextStep {
  const user = requireUser(context, signIn.userId);
  assertMethodOn(context, signIn.method);
  if (signIn.invitationToken !== null) assertInvited(context, signIn.invitationToken, user);
  if (signIn.method !== 'SSO') assertNoSsoRequired(context, user.email);
  if (user.email_verified === 0) return { kind: 'email_verification', user };
  // Who comes from their organization's identity provider has given its second factor there.
  const { mfa } = settingsOf(context.database, context.environment.id);
  if (mfa !== 'off' && !signIn.hasSecondFactor && signIn.method !== 'SSO') {
    const factors = factorsOfUser(context, user.id);
    if (factors.length > 0) return { kind: 'second_factor', user, factors };
    if (mfa === 'required') return { kind: 'enrollment', user };
  }
  const invitedTo =
    signIn.invitationToken === null ? null : redeemInvitation(context, signIn.invitationToken, user);
  const wanted = signIn.organizationId ?? invitedTo;
  if (wanted !== null) {
    assertMember(context, wanted, user.id);
    return { kind: 'done', user, organizationId: wanted };
  }
  const organizations = organizationsOf(context, user.id);
  if (organizations.length > 1) return { kind: 'organization', user, organizations };
  return { kind: 'done', user, organizationId: organizations[0]?.id ?? null };
}

/** Begins the session of somebody for whom no step is left. */
export function finishSignIn(
  context: Context,
  signIn: SignIn,
  done: Extract<NextStep, { kind: 'done' }>,
): SessionRow {
  saveUser(context, done.user, { ...done.user, last_sign_in_at: context.now });
  return beginSession(context, {
    userId: done.user.id,
    organizationId: done.organizationId,
    method: signIn.method,
    isPublic: signIn.isPublic,
    device: signIn.device,
  });
}

/** @throws ApiError 400 when there is no such organization, or the user is no active member of it */
export function assertMember(context: Context, organizationId: string, userId: string): void {
  if (organizationById(context, organizationId) === null) {
    throw oauthError(400, 'organization_not_found', 'There is no organization with this id.');
  }
  if (membershipBetween(context, organizationId, userId)?.status !== 'active') {
    throw oauthError(
      400,
      'organization_membership_not_found',
      'The user is not an active member of the organization.',
    );
  }
}

/** The organizations a user is an active member of, in the order they joined. */
export function organizationsOf(context: Context, userId: string): Choice[] {
  const active = membershipsOfUser(context, userId).filter(({ status }) => status === 'active');
  const names = namesOfOrganizations(
    context,
    active.map((membership) => membership.organization_id),
  );
  return active.map(({ organization_id: id }) => ({ id, name: names.get(id) ?? id }));
}
