import type { Effect } from '../manifest/index.ts';
import { type Failure, failure } from '../support/errors.ts';

/** How many calls one run may make. */
export interface CallLimits {
  readonly calls: number;
  /** Of those, how many may write or destroy. */
  readonly writes: number;
}

/** How many milliseconds one call may take, its repetitions included. */
export const defaultCallTimeout = 120_000;

export const defaultCallLimits: CallLimits = { calls: 1_000, writes: 100 };

/** Counts a run's calls. Once a limit was hit it stays hit, whatever the script makes of the error. */
export class CallBudget {
  readonly #limits: CallLimits;
  #calls = 0;
  #writes = 0;
  #exceeded: Failure | null = null;

  constructor(limits: CallLimits) {
    this.#limits = limits;
  }

  /** The limit the run has hit; null while it is within them. */
  get exceeded(): Failure | null {
    return this.#exceeded;
  }

  /** Takes one call out of the budget; a failure when there is none left. */
  spend(effect: Effect): Failure | null {
    const { calls, writes } = this.#limits;
    if (this.#calls >= calls) return this.#exceed('calls', calls);
    if (effect !== 'read' && this.#writes >= writes) return this.#exceed('writes', writes);
    this.#calls += 1;
    if (effect !== 'read') this.#writes += 1;
    return null;
  }

  #exceed(what: 'calls' | 'writes', limit: number): Failure {
    this.#exceeded ??= failure('call_limit', `The run has made its ${limit} ${what}; no more are allowed.`, {
      hint: 'Make fewer calls in one run.',
      details: { limit: what, value: limit },
    });
    return this.#exceeded;
  }
}
