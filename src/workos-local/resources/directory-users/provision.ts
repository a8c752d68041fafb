import type { Context } from '../../kit/context.ts';
import { withdrawInvitationsTo } from '../invitations/invitation.ts';
import { isInvited } from '../invitations/invitations.table.ts';
import { createInvitation } from '../invitations/invitations.ts';
import {
  type MembershipRow,
  membershipBetween,
  membershipById,
} from '../organization-memberships/organization-memberships.table.ts';
import {
  keepMembership,
  moveMembership,
  removeMembership,
  restoreMembership,
} from '../organization-memberships/organization-memberships.ts';
import { revokeSessionsOfUser } from '../sessions/session.ts';
import { settingsOf } from '../sign-in-settings/sign-in-settings.ts';
import { isAtVerifiedDomain } from '../sso/sign-in.ts';
import { saveUser } from '../users/user.ts';
import { requireUser, type UserRow, userByEmail } from '../users/users.table.ts';
import { createUser } from '../users/users.ts';
import { type DirectoryUserRow, isLinkedToAnother, linkToMembership } from './directory-users.table.ts';

/**
 * Where an environment has it so, makes what a directory says of somebody true of a user and their membership. An
 * organization speaks for the addresses at its verified domains: whoever has one is an active member, and named as the
 * directory names them. Anybody else is invited, and stays who they are.
 */
export function provision(context: Context, row: DirectoryUserRow): void {
  if (!settingsOf(context.database, context.environment.id).directory_provisioning) return;
  if (row.is_deleted === 1 || row.state !== 'active') {
    deprovision(context, row);
    return;
  }
  const linked = membershipById(context, row.organization_membership_id ?? '') ?? join(context, row);
  if (linked === null) return;
  const back = linked.status === 'inactive' ? restoreMembership(context, linked) : linked;
  const user = requireUser(context, back.user_id);
  if (isAtVerifiedDomain(context, row.organization_id, user.email)) nameAsDirectory(context, user, row);
  const changed = { ...back, directory_managed: 1 as const, custom_attributes: row.custom_attributes };
  if (back.directory_managed === 1 && back.custom_attributes === changed.custom_attributes) return;
  keepMembership(context, changed);
}

/**
 * Lets somebody go who has left the directory. They stay a user, and their membership, switched off, remembers what it
 * was; one that still waited for them is gone.
 */
export function deprovision(context: Context, row: DirectoryUserRow): void {
  if (!settingsOf(context.database, context.environment.id).directory_provisioning) return;
  const membership = membershipById(context, row.organization_membership_id ?? '');
  if (membership === null) return;
  if (membership.status === 'pending') removeMembership(context, membership);
  if (membership.status !== 'active') return;
  keepMembership(context, { ...membership, status: 'inactive' });
  revokeSessionsOfUser(context, membership.user_id);
}

/** The membership somebody has by the directory from now on; null for who has no address, or one that is another's. */
function join(context: Context, row: DirectoryUserRow): MembershipRow | null {
  if (row.email === null) return null;
  const isManaged = isAtVerifiedDomain(context, row.organization_id, row.email);
  const user = userByEmail(context, row.email) ?? newUser(context, row, row.email, isManaged);
  const membership = memberOf(context, row, user, isManaged);
  if (membership === null || isLinkedToAnother(context, row, membership.id)) return null;
  linkToMembership(context, row, membership.id);
  return membership;
}

function memberOf(
  context: Context,
  row: DirectoryUserRow,
  user: UserRow,
  isManaged: boolean,
): MembershipRow | null {
  const organizationId = row.organization_id;
  const present = membershipBetween(context, organizationId, user.id);
  if (isManaged && (present === null || present.status === 'pending')) {
    if (present !== null) withdrawInvitationsTo(context, present);
    return moveMembership(context, 'accept', { user, organizationId, roles: null });
  }
  if (present === null && !isInvited(context, user.email, organizationId)) {
    createInvitation(context, { email: user.email, organization_id: organizationId });
  }
  return membershipBetween(context, organizationId, user.id);
}

function newUser(context: Context, row: DirectoryUserRow, email: string, isVerified: boolean): UserRow {
  const { id } = createUser(context, {
    email,
    email_verified: isVerified,
    ...(row.first_name === null ? {} : { first_name: row.first_name }),
    ...(row.last_name === null ? {} : { last_name: row.last_name }),
  });
  return requireUser(context, id);
}

function nameAsDirectory(context: Context, user: UserRow, row: DirectoryUserRow): void {
  saveUser(context, user, {
    ...user,
    first_name: row.first_name ?? user.first_name,
    last_name: row.last_name ?? user.last_name,
  });
}
