import type { Context } from '../../kit/context.ts';
import { badRequest } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import {
  type MembershipRow,
  rolesOfMemberships,
} from '../organization-memberships/organization-memberships.table.ts';
import {
  changeInvitation,
  type InvitationAction,
  type InvitationChange,
  type InvitationRefusal,
  invitationStateAt,
} from './invitation.machine.ts';
import { type InvitationRow, invitationsOfMembership, updateInvitation } from './invitations.table.ts';

/** Where the local server's own page for invitations is. */
const acceptPage = '/invite';

/** Invitations as the API serves them. */
export function serializeInvitations(context: Context, rows: readonly InvitationRow[]) {
  const memberships = rows.map((row) => row.organization_membership_id).filter((id) => id !== null);
  const roles = rolesOfMemberships(context, memberships);
  return rows.map((row) => {
    const [current] = roles.get(row.organization_membership_id ?? '') ?? [];
    return {
      ...core(context, row, current),
      token: row.token,
      accept_invitation_url: acceptUrl(context, row),
    };
  });
}

/**
 * Does something to an invitation, and tells of it.
 *
 * @param changes what else it changes than the state
 * @throws ApiError 400 when the state of the invitation does not allow it
 */
export function moveInvitation(
  context: Context,
  row: InvitationRow,
  action: InvitationAction,
  changes: Partial<InvitationRow>,
): InvitationRow {
  const outcome = changeInvitation(invitationStateAt(row, context.now), action);
  if (typeof outcome === 'string') throw badRequest(outcome, refusals[outcome]);
  const after = { ...row, ...changes, state: outcome.next, updated_at: context.now };
  updateInvitation(context, after);
  tellOfInvitation(context, after, outcome.emit);
  return after;
}

const refusals: Readonly<Record<InvitationRefusal, string>> = {
  invite_not_pending: 'The invitation is no longer pending.',
  invite_accepted: 'The invitation has been accepted.',
  invite_expired: 'The invitation has expired.',
  invite_revoked: 'The invitation has been revoked.',
};

/** Tells of an invitation. What is told holds nothing that it is accepted with. */
export function tellOfInvitation(
  context: Context,
  row: InvitationRow,
  event: InvitationChange['emit'] | 'invitation.created',
): void {
  const id = row.organization_membership_id ?? '';
  const [current] = rolesOfMemberships(context, [id]).get(id) ?? [];
  emit(context, event, core(context, row, current), row.organization_id);
}

export function revokeInvitation(context: Context, row: InvitationRow): InvitationRow {
  return moveInvitation(context, row, 'revoke', { revoked_at: context.now });
}

/** Revokes the invitations a pending membership waits for: it is about to go. */
export function withdrawInvitationsTo(context: Context, membership: MembershipRow): void {
  for (const row of invitationsOfMembership(context, membership.id)) {
    if (invitationStateAt(row, context.now) === 'pending') revokeInvitation(context, row);
  }
}

export function acceptUrl(context: Context, row: InvitationRow): string {
  return `${context.baseUrl}${acceptPage}?invitation_token=${row.token}`;
}

/** @param currentRole the one its membership has, once there is one: it may have been changed since */
function core(context: Context, row: InvitationRow, currentRole: string | undefined) {
  return {
    object: 'invitation' as const,
    id: row.id,
    email: row.email,
    state: invitationStateAt(row, context.now),
    accepted_at: row.accepted_at,
    revoked_at: row.revoked_at,
    expires_at: row.expires_at,
    organization_id: row.organization_id,
    inviter_user_id: row.inviter_user_id,
    accepted_user_id: row.accepted_user_id,
    role_slug: currentRole ?? row.role_slug,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
