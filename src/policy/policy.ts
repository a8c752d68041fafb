import type { Effect } from '../manifest/index.ts';

/** What a policy says of one call. */
export type Verdict = 'allow' | 'ask' | 'deny';

/** What an account lets happen, by effect. */
export type Policy = Readonly<Record<Effect, Verdict>>;

/** A remote account's policy until somebody sets another: reading is free, anything else is asked for. */
export const remotePolicy: Policy = { read: 'allow', write: 'ask', destructive: 'ask' };

/** The local server's: there is nothing of value in it. */
export const localPolicy: Policy = { read: 'allow', write: 'allow', destructive: 'allow' };

/** What the run's own flags add. */
export interface RunPolicy {
  /** `--force`: what would be asked is allowed. It never overrides a deny. */
  readonly force: boolean;
  /** `--read-only`: everything but reading is denied. */
  readonly readOnly: boolean;
}

/** The verdict over one call. */
export function decide(policy: Policy, run: RunPolicy, effect: Effect): Verdict {
  if (run.readOnly && effect !== 'read') return 'deny';
  const verdict = policy[effect];
  return verdict === 'ask' && run.force ? 'allow' : verdict;
}
