export type MembershipStatus = 'active' | 'inactive' | 'pending';

/**
 * What can happen to the membership of a user in an organization. `add` is making one directly, `invite` and `accept`
 * are an invitation's.
 */
export type MembershipAction = 'add' | 'invite' | 'accept' | 'deactivate' | 'reactivate';

export interface MembershipChange {
  readonly next: MembershipStatus;
  /** The event that tells of the change; null when nothing changes. */
  readonly emit: 'organization_membership.created' | 'organization_membership.updated' | null;
}

/** Why an action is not possible. */
export type MembershipRefusal =
  | 'organization_membership_already_exists'
  | 'user_already_organization_member'
  | 'cannot_deactivate_pending_organization_membership'
  | 'cannot_reactivate_pending_organization_membership';

const created = 'organization_membership.created';
const updated = 'organization_membership.updated';

type Outcome = MembershipChange | MembershipRefusal;

const beginnings: Readonly<Record<'add' | 'invite' | 'accept', MembershipChange>> = {
  add: { next: 'active', emit: created },
  invite: { next: 'pending', emit: created },
  accept: { next: 'active', emit: created },
};

const outcomes: Readonly<Record<MembershipStatus, Readonly<Record<MembershipAction, Outcome>>>> = {
  active: {
    add: 'organization_membership_already_exists',
    invite: 'user_already_organization_member',
    accept: { next: 'active', emit: null },
    deactivate: { next: 'inactive', emit: updated },
    reactivate: { next: 'active', emit: null },
  },
  inactive: {
    add: { next: 'active', emit: updated },
    // Who was let go comes back by accepting, not by being asked.
    invite: { next: 'inactive', emit: null },
    accept: { next: 'active', emit: updated },
    deactivate: { next: 'inactive', emit: null },
    reactivate: { next: 'active', emit: updated },
  },
  pending: {
    add: 'cannot_reactivate_pending_organization_membership',
    invite: { next: 'pending', emit: null },
    accept: { next: 'active', emit: updated },
    deactivate: 'cannot_deactivate_pending_organization_membership',
    reactivate: 'cannot_reactivate_pending_organization_membership',
  },
};

/** How a membership comes to be. */
export function beginMembership(action: 'add' | 'invite' | 'accept'): MembershipChange {
  return beginnings[action];
}

/** What an action makes of a membership that is there. */
export function changeMembership(status: MembershipStatus, action: MembershipAction): Outcome {
  return outcomes[status][action];
}
