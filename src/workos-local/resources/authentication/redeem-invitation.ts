import type { Context } from '../../kit/context.ts';
import { oauthError } from '../../kit/errors.ts';
import { invitationStateAt } from '../invitations/invitation.machine.ts';
import { type InvitationRow, invitationByToken } from '../invitations/invitations.table.ts';
import { acceptInvitation } from '../invitations/invitations.ts';
import { isConsumerDomain } from '../organization-domains/domain-name.ts';
import { membershipById } from '../organization-memberships/organization-memberships.table.ts';
import type { UserRow } from '../users/users.table.ts';

/** @throws ApiError 400 when the invitation cannot be accepted, or is for somebody else */
export function assertInvited(context: Context, token: string, user: UserRow): InvitationRow {
  const row = assertOpenInvitation(context, token);
  if (!isFor(context, row, user)) {
    throw oauthError(400, 'invitation_cannot_be_used_for_email', 'The invitation is for somebody else.');
  }
  return row;
}

/** @throws ApiError 400 `invitation_invalid` when it is not there, or no longer pending */
export function assertOpenInvitation(context: Context, token: string): InvitationRow {
  const row = invitationByToken(context, token);
  if (row === null || invitationStateAt(row, context.now) !== 'pending') {
    throw oauthError(400, 'invitation_invalid', 'The invitation is not there, or can no longer be accepted.');
  }
  return row;
}

/** Accepts an invitation for somebody who is signing in: which organization they are a member of with it. */
export function redeemInvitation(context: Context, token: string, user: UserRow): string | null {
  return acceptInvitation(context, assertInvited(context, token, user), user).organization_id;
}

/**
 * Who may use an invitation: to the application anybody who has its link; to an organization who was invited, or a
 * colleague whose address is at the same company.
 */
function isFor(context: Context, row: InvitationRow, user: UserRow): boolean {
  if (row.organization_id === null || row.email_key === user.email_key) return true;
  if (membershipById(context, row.organization_membership_id ?? '')?.user_id === user.id) return true;
  const domain = domainOf(row.email_key);
  return domain === domainOf(user.email_key) && !isConsumerDomain(domain);
}

function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1);
}
