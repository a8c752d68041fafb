import type { Effect } from '../manifest/index.ts';
import { applies, type NamedOperation, weightOf } from './pattern.ts';

/** What a policy says of one call. */
export type Verdict = 'allow' | 'ask' | 'deny';

/** A verdict for the operations whose names fit a pattern. */
export interface Rule {
  /** `list_*`, `workos.delete_organization`. */
  readonly pattern: string;
  readonly verdict: Verdict;
}

/** What an account lets happen. */
export interface Policy {
  readonly effects: Readonly<Record<Effect, Verdict>>;
  /** They go before the effect; of those that fit a call, the one that says most exactly which. */
  readonly rules: readonly Rule[];
  /** Whether `--force` and a run's `--allow` count here. */
  readonly force: boolean;
}

/** A remote account's policy until somebody sets another: reading is free, anything else is asked for. */
export const remotePolicy: Policy = {
  effects: { read: 'allow', write: 'ask', destructive: 'ask' },
  rules: [],
  force: true,
};

/** The local server's: there is nothing of value in it. */
export const localPolicy: Policy = {
  effects: { read: 'allow', write: 'allow', destructive: 'allow' },
  rules: [],
  force: true,
};

/** What the run's own flags add. They can narrow what an account allows, and answer what it asks; never undo a deny. */
export interface RunPolicy {
  /** `--force`: what would be asked is allowed. */
  readonly force: boolean;
  /** `--read-only`: everything but reading is denied. */
  readonly readOnly: boolean;
  /** `--allow PATTERN` (what would be asked is allowed) and `--deny PATTERN`. */
  readonly rules: readonly Rule[];
  /** The least that is done about whatever changes something, however much an account allows: of a gateway. */
  readonly writes?: 'deny' | 'ask';
}

/** A verdict, and what it rests on. */
export interface Decision {
  readonly verdict: Verdict;
  readonly because:
    | { readonly kind: 'read_only' }
    | { readonly kind: 'writes' }
    | { readonly kind: 'run_rule'; readonly rule: Rule }
    | { readonly kind: 'account_rule'; readonly rule: Rule }
    | { readonly kind: 'effect' }
    | { readonly kind: 'force' };
}

/** The verdict over one call. */
export function decide(policy: Policy, run: RunPolicy, operation: NamedOperation): Decision {
  const decision = decideOfAccount(policy, run, operation);
  if (run.writes === undefined || operation.effect === 'read') return decision;
  return strictness[run.writes] > strictness[decision.verdict]
    ? { verdict: run.writes, because: { kind: 'writes' } }
    : decision;
}

function decideOfAccount(policy: Policy, run: RunPolicy, operation: NamedOperation): Decision {
  if (run.readOnly && operation.effect !== 'read') return { verdict: 'deny', because: { kind: 'read_only' } };
  const ofRun = strongest(run.rules, operation);
  if (ofRun?.verdict === 'deny') return { verdict: 'deny', because: { kind: 'run_rule', rule: ofRun } };
  const ofAccount = strongest(policy.rules, operation);
  const said: Decision =
    ofAccount === null
      ? { verdict: policy.effects[operation.effect], because: { kind: 'effect' } }
      : { verdict: ofAccount.verdict, because: { kind: 'account_rule', rule: ofAccount } };
  if (said.verdict !== 'ask' || !policy.force) return said;
  if (ofRun !== null) return { verdict: 'allow', because: { kind: 'run_rule', rule: ofRun } };
  return run.force ? { verdict: 'allow', because: { kind: 'force' } } : said;
}

const strictness: Readonly<Record<Verdict, number>> = { allow: 0, ask: 1, deny: 2 };

/** Of the rules that fit, the one with the most exact pattern; among equals deny beats ask, and ask beats allow. */
function strongest(rules: readonly Rule[], operation: NamedOperation): Rule | null {
  let best: Rule | null = null;
  for (const rule of rules) {
    if (!applies(rule.pattern, operation)) continue;
    const lead = best === null ? 1 : weightOf(rule.pattern) - weightOf(best.pattern);
    if (best === null || lead > 0 || (lead === 0 && strictness[rule.verdict] > strictness[best.verdict])) {
      best = rule;
    }
  }
  return best;
}
