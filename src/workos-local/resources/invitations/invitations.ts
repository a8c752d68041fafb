import { day, timestamp } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { emailKey, isEmailAddress } from '../../kit/email-address.ts';
import { badRequest, invalidField, notFound } from '../../kit/errors.ts';
import { deliver } from '../../kit/inbox.ts';
import { type Filter, listPage } from '../../kit/list.ts';
import { randomToken } from '../../kit/random.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { membershipById } from '../organization-memberships/organization-memberships.table.ts';
import { moveMembership, removeMembership } from '../organization-memberships/organization-memberships.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { defaultRole, type RoleRow, roleOfOrganization } from '../roles/roles.table.ts';
import { displayName } from '../users/user.ts';
import { requireUser, type UserRow, userByEmail, userById } from '../users/users.table.ts';
import { invitationStateAt } from './invitation.machine.ts';
import {
  acceptUrl,
  moveInvitation,
  revokeInvitation,
  serializeInvitations,
  tellOfInvitation,
} from './invitation.ts';
import {
  deleteInvitationRow,
  type InvitationRow,
  insertInvitation,
  invitationByToken,
  invitationsOfOrganization,
  isInvited,
  requireInvitation,
  updateInvitation,
} from './invitations.table.ts';

const fewestDays = 1;
const mostDays = 30;
const usualDays = 7;

export const invitations = {
  UserlandUserInvitesController_list: (context, { query }) => {
    const where: Filter[] = [];
    if (query.email !== undefined) where.push(['email_key = ?', emailKey(query.email)]);
    if (query.organization_id !== undefined) where.push(['organization_id = ?', query.organization_id]);
    const { rows, list_metadata } = listPage<InvitationRow>(context, query, {
      table: 'invitations',
      prefix: 'invitation_',
      where,
    });
    return { object: 'list', data: serializeInvitations(context, rows), list_metadata };
  },

  UserlandUserInvitesController_create: (context, { body }) => createInvitation(context, body),

  UserlandUserInvitesController_get: (context, { path }) =>
    served(context, requireInvitation(context, path.id)),

  UserlandUserInvitesController_getByToken: (context, { path }) => {
    const row = invitationByToken(context, path.token);
    if (row === null) throw notFound('Invitation', path.token);
    return served(context, row);
  },

  UserlandUserInvitesController_accept: (context, { path }) => {
    const row = requireInvitation(context, path.id);
    return served(context, acceptInvitation(context, row, inviteeOf(context, row)));
  },

  UserlandUserInvitesController_resend: (context, { path }) => {
    const row = requireInvitation(context, path.id);
    const expires_at = timestamp(context.time + row.valid_days * day);
    const after = moveInvitation(context, row, 'resend', { expires_at });
    send(context, after);
    return served(context, after);
  },

  UserlandUserInvitesController_revoke: (context, { path }) => {
    const row = requireInvitation(context, path.id);
    const after = revokeInvitation(context, row);
    const answer = served(context, after);
    const membership = membershipById(context, row.organization_membership_id ?? '');
    if (membership?.status === 'pending') removeMembership(context, membership);
    return answer;
  },
} satisfies Resource<
  | 'UserlandUserInvitesController_list'
  | 'UserlandUserInvitesController_create'
  | 'UserlandUserInvitesController_get'
  | 'UserlandUserInvitesController_getByToken'
  | 'UserlandUserInvitesController_accept'
  | 'UserlandUserInvitesController_resend'
  | 'UserlandUserInvitesController_revoke'
>;

export type NewInvitation = OperationRequest<'UserlandUserInvitesController_create'>['body'];

/**
 * Invites somebody to an organization, or to the application. Who has a user already becomes a pending member; who
 * has none becomes a member when they have signed up and accept.
 *
 * @throws ApiError 400 when they are a member or invited already, or the invitation is not one that can be made
 */
export function createInvitation(
  context: Context,
  body: NewInvitation,
  id = context.newId('invitation_'),
): ReturnType<typeof served> {
  if (!isEmailAddress(body.email)) {
    throw invalidField('email', 'invalid_email', 'email is no e-mail address.');
  }
  const organization =
    body.organization_id === undefined ? null : requireOrganization(context, body.organization_id);
  const inviter = body.inviter_user_id === undefined ? null : requireUser(context, body.inviter_user_id);
  const invitee = userByEmail(context, body.email);
  assertNotInvited(context, body.email, organization?.id ?? null, invitee);
  const role = organization === null ? null : roleNamed(context, organization.id, body.role_slug);
  const valid_days = validDays(body.expires_in_days);
  const row: InvitationRow = {
    id,
    email: body.email,
    email_key: emailKey(body.email),
    organization_id: organization?.id ?? null,
    role_slug: role?.slug ?? null,
    organization_membership_id: null,
    inviter_user_id: inviter?.id ?? null,
    accepted_user_id: null,
    state: 'pending',
    token: randomToken(context.random, 25),
    valid_days,
    expires_at: timestamp(context.time + valid_days * day),
    accepted_at: null,
    revoked_at: null,
    created_at: context.now,
    updated_at: context.now,
  };
  insertInvitation(context, row);
  tellOfInvitation(context, row, 'invitation.created');
  const after = invitee === null ? row : withMembership(context, row, invitee, 'invite');
  send(context, after);
  return served(context, after);
}

/**
 * Accepts an invitation for a user, who with that becomes an active member of its organization.
 *
 * @param user null when nobody has signed up with the address that was invited
 * @throws ApiError 400 `invite_not_pending` or `invalid_invite`
 */
export function acceptInvitation(context: Context, row: InvitationRow, user: UserRow | null): InvitationRow {
  const accepted = moveInvitation(context, row, 'accept', {
    accepted_at: context.now,
    accepted_user_id: user?.id ?? null,
  });
  if (user === null) {
    throw badRequest('invalid_invite', 'Nobody has signed up with the address that was invited.');
  }
  return withMembership(context, accepted, user, 'accept');
}

/** Takes the invitations of an organization that is about to go. */
export function removeInvitationsOfOrganization(context: Context, organizationId: string): void {
  for (const row of invitationsOfOrganization(context, organizationId)) {
    if (invitationStateAt(row, context.now) === 'pending') revokeInvitation(context, row);
    deleteInvitationRow(context, row.id);
  }
}

/** Moves the membership an invitation is about, and remembers which it is. */
function withMembership(
  context: Context,
  row: InvitationRow,
  user: UserRow,
  action: 'invite' | 'accept',
): InvitationRow {
  if (row.organization_id === null) return row;
  // A role may have been deleted since the invitation was sent.
  const role =
    row.role_slug === null ? null : roleOfOrganization(context, row.organization_id, row.role_slug);
  const roles = role === null ? null : [role];
  const membership = moveMembership(context, action, { user, organizationId: row.organization_id, roles });
  // Who was let go before keeps that membership as it is until they accept.
  if (membership.status === 'inactive') return row;
  const after = { ...row, organization_membership_id: membership.id };
  updateInvitation(context, after);
  return after;
}

/** Who can accept an invitation: the pending member, whose address may have changed since, or who has the address. */
function inviteeOf(context: Context, row: InvitationRow): UserRow | null {
  const membership = membershipById(context, row.organization_membership_id ?? '');
  return membership === null ? userByEmail(context, row.email) : userById(context, membership.user_id);
}

/** @throws ApiError 400 when an invitation waits already, or nobody needs one */
function assertNotInvited(
  context: Context,
  email: string,
  organizationId: string | null,
  invitee: UserRow | null,
): void {
  if (organizationId === null && invitee !== null) {
    throw badRequest('user_already_exists', 'There is a user with this e-mail address already.');
  }
  if (!isInvited(context, email, organizationId)) return;
  throw organizationId === null
    ? badRequest('email_already_invited', 'This address has been invited already.')
    : badRequest(
        'email_already_invited_to_organization',
        'This address has been invited to the organization already.',
      );
}

/** @throws ApiError 400 `invalid_role` */
function roleNamed(context: Context, organizationId: string, slug: string | undefined): RoleRow {
  if (slug === undefined) return defaultRole(context, organizationId);
  const role = roleOfOrganization(context, organizationId, slug);
  if (role === null) throw badRequest('invalid_role', `There is no role '${slug}' for this organization.`);
  return role;
}

function validDays(days = usualDays): number {
  if (days < fewestDays) {
    throw badRequest('expires_in_days_too_short', `expires_in_days is ${fewestDays} or more.`);
  }
  if (days > mostDays)
    throw badRequest('expires_in_days_too_long', `expires_in_days is ${mostDays} or less.`);
  return days;
}

function send(context: Context, row: InvitationRow): void {
  const organization =
    row.organization_id === null ? null : requireOrganization(context, row.organization_id);
  const inviter = userById(context, row.inviter_user_id ?? '');
  const who = inviter === null ? 'You are invited' : `${displayName(inviter)} invites you`;
  deliver(context, {
    kind: 'invitation',
    recipient: row.email,
    subject: organization === null ? who : `${who} to join ${organization.name}`,
    token: row.token,
    link: acceptUrl(context, row),
  });
}

function served(context: Context, row: InvitationRow) {
  const [invitation] = serializeInvitations(context, [row]);
  if (invitation === undefined) throw new Error('One row is served as one invitation.');
  return invitation;
}
