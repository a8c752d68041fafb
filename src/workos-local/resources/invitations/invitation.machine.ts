export type InvitationState = 'pending' | 'accepted' | 'expired' | 'revoked';
export type InvitationAction = 'accept' | 'resend' | 'revoke';

/** What is kept: that an invitation has expired is told by the clock alone. */
export type KeptInvitationState = Exclude<InvitationState, 'expired'>;

export interface InvitationChange {
  readonly next: KeptInvitationState;
  readonly emit: 'invitation.accepted' | 'invitation.resent' | 'invitation.revoked';
}

/** Why an action is not possible. */
export type InvitationRefusal =
  | 'invite_not_pending'
  | 'invite_accepted'
  | 'invite_expired'
  | 'invite_revoked';

const changes: Readonly<Record<InvitationAction, InvitationChange>> = {
  accept: { next: 'accepted', emit: 'invitation.accepted' },
  resend: { next: 'pending', emit: 'invitation.resent' },
  revoke: { next: 'revoked', emit: 'invitation.revoked' },
};

/** The state of an invitation at a moment. */
export function invitationStateAt(
  kept: { readonly state: KeptInvitationState; readonly expires_at: string },
  now: string,
): InvitationState {
  return kept.state === 'pending' && now >= kept.expires_at ? 'expired' : kept.state;
}

/** What an action makes of an invitation: only a pending one can change. */
export function changeInvitation(
  state: InvitationState,
  action: InvitationAction,
): InvitationChange | InvitationRefusal {
  if (state === 'pending') return changes[action];
  return action === 'resend' ? `invite_${state}` : 'invite_not_pending';
}
