import { describe, expect, it } from 'vitest';
import { changeInvitation, type InvitationState, invitationStateAt } from './invitation.machine.ts';

const over: InvitationState[] = ['accepted', 'expired', 'revoked'];

describe('the states of an invitation', () => {
  it('change from pending by every action, each with its event', () => {
    expect(changeInvitation('pending', 'accept')).toEqual({ next: 'accepted', emit: 'invitation.accepted' });
    expect(changeInvitation('pending', 'resend')).toEqual({ next: 'pending', emit: 'invitation.resent' });
    expect(changeInvitation('pending', 'revoke')).toEqual({ next: 'revoked', emit: 'invitation.revoked' });
  });

  it.each(over)('do not change any more once it is %s', (state) => {
    expect(changeInvitation(state, 'accept')).toBe('invite_not_pending');
    expect(changeInvitation(state, 'revoke')).toBe('invite_not_pending');
    expect(changeInvitation(state, 'resend')).toBe(`invite_${state}`);
  });

  it('become expired by the clock, unless something else came first', () => {
    const expires_at = '2026-06-08T12:00:00.000Z';
    expect(invitationStateAt({ state: 'pending', expires_at }, '2026-06-08T11:59:59.999Z')).toBe('pending');
    expect(invitationStateAt({ state: 'pending', expires_at }, expires_at)).toBe('expired');
    expect(invitationStateAt({ state: 'accepted', expires_at }, expires_at)).toBe('accepted');
    expect(invitationStateAt({ state: 'revoked', expires_at }, expires_at)).toBe('revoked');
  });
});
