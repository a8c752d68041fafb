import type { DomainState } from './organization-domains.table.ts';

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

/** What asking for verification makes of a domain that is not verified: a missing record starts the wait again. */
export function verify(state: DomainState, lookup: Lookup): Transition {
  if (lookup === 'record_found') return { next: 'verified', emit: 'organization_domain.verified' };
  return { next: 'pending', emit: state === 'pending' ? null : 'organization_domain.updated' };
}
