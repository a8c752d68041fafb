import { describe, expect, it } from 'vitest';
import {
  beginMembership,
  changeMembership,
  type MembershipAction,
  type MembershipStatus,
} from './organization-membership.machine.ts';

const statuses: MembershipStatus[] = ['active', 'inactive', 'pending'];
const actions: MembershipAction[] = ['add', 'invite', 'accept', 'deactivate', 'reactivate'];

describe('the states of a membership', () => {
  it('begin with who is added or accepts as active, and who is invited as pending', () => {
    expect(beginMembership('add').next).toBe('active');
    expect(beginMembership('accept').next).toBe('active');
    expect(beginMembership('invite').next).toBe('pending');
  });

  it('change with an event, and only then', () => {
    for (const status of statuses) {
      for (const action of actions) {
        const outcome = changeMembership(status, action);
        if (typeof outcome === 'string') continue;
        expect([status, action, outcome.emit !== null]).toEqual([status, action, outcome.next !== status]);
      }
    }
  });

  it('leave pending by accepting alone', () => {
    const left = actions.filter((action) => {
      const outcome = changeMembership('pending', action);
      return typeof outcome !== 'string' && outcome.next !== 'pending';
    });
    expect(left).toEqual(['accept']);
  });

  it('never go back to pending', () => {
    for (const status of ['active', 'inactive'] as const) {
      for (const action of actions) {
        const outcome = changeMembership(status, action);
        expect(typeof outcome === 'string' ? null : outcome.next).not.toBe('pending');
      }
    }
  });
});
