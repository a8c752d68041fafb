import { day } from '../../kit/clock.ts';
import type { DomainRow, DomainState } from './organization-domains.table.ts';

/** How long a domain's token may take to appear in the DNS, in milliseconds. */
const waitingPeriod = 30 * day;

/** What a look into the DNS found. */
export type Lookup = 'record_found' | 'record_missing';

export interface Transition {
  readonly next: DomainState;
  /** The event that tells of the change; null when there is none. */
  readonly emit: 'organization_domain.verified' | 'organization_domain.updated' | null;
}

export function isVerified(state: DomainState): boolean {
  return state === 'verified' || state === 'legacy_verified';
}

/** The state of a domain at a moment: one whose wait is over has failed, whether or not anybody looked. */
export function stateAt(row: Pick<DomainRow, 'state' | 'updated_at'>, time: number): DomainState {
  const isOver = row.state === 'pending' && time - Date.parse(row.updated_at) > waitingPeriod;
  return isOver ? 'failed' : row.state;
}

/** What asking for verification makes of a domain that is not verified: a missing record starts the wait again. */
export function verify(state: DomainState, lookup: Lookup): Transition {
  if (lookup === 'record_found') return { next: 'verified', emit: 'organization_domain.verified' };
  return { next: 'pending', emit: state === 'pending' ? null : 'organization_domain.updated' };
}
