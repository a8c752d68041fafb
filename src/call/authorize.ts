import { type Account, configureCommand } from '../accounts/index.ts';
import type { Integration } from '../catalog/index.ts';
import type { IndexedOperation } from '../manifest/index.ts';
import { type Decision, decide, type RunPolicy } from '../policy/index.ts';
import { type Failure, failure } from '../support/errors.ts';
import type { WireRequest } from './transport.ts';
import { shownRequest } from './wire.ts';

/** What a person is asked to approve. */
export interface ApprovalRequest {
  /** Full name with its integration. */
  readonly function: string;
  readonly account: string;
  readonly effect: string;
  /** The request as it may be shown: method, URL and body with secrets taken out. */
  readonly request: { readonly method: string; readonly url: string; readonly body: unknown };
}

/** What the run says of its calls, and whom to ask. */
export interface Authorizing extends RunPolicy {
  /** Asks a person, who may not have decided yet: that is null. Null where nobody is there. */
  readonly approve: ((request: ApprovalRequest) => Promise<boolean | null>) | null;
}

/** One operation with an account, as a policy looks at it. */
export interface Subject {
  readonly integration: Integration;
  readonly entry: IndexedOperation;
  readonly account: Account;
}

/** An operation that the policy refuses, as `details.refused` lists it. */
export interface Refused {
  /** Full name with its integration. */
  readonly function: string;
  /** As one would write it: `workos.create_organization`. */
  readonly name: string;
  readonly account: string;
  readonly effect: string;
  readonly verdict: 'ask' | 'deny';
}

export function judge(run: RunPolicy, { integration, entry, account }: Subject): Decision {
  return decide(account.policy, run, { integration: integration.name, ...entry });
}

/** The refusal of what is denied, before anything of the account is opened; null for what is not. */
export function denial(run: RunPolicy, subject: Subject): Failure | null {
  const { verdict, because } = judge(run, subject);
  if (verdict !== 'deny') return null;
  const { entry } = subject;
  const [reason, hint] = explained(because, subject);
  return failure('denied', `${fullNameOf(subject)} (${entry.effect}) was not sent: ${reason}.`, {
    hint,
    details: { ...detailsOf(subject), refused: [refusedOf(subject, 'deny')] },
  });
}

/** Why a call is denied, and what would change that. */
function explained(because: Decision['because'], { integration, account, entry }: Subject): [string, string] {
  const configure = configureCommand(integration.name, account.name);
  switch (because.kind) {
    case 'read_only':
      return ['the run is read-only', 'Leave --read-only out to let it change things.'];
    case 'writes':
      return [
        'this gateway lets nothing be changed',
        'Whoever set it up can start kosmo mcp:serve with --write=ask, and approve what is to be changed.',
      ];
    case 'run_rule': {
      const { pattern } = because.rule;
      return [`the run denies ${pattern}`, `Leave --deny ${quoted(pattern)} out to let it through.`];
    }
    case 'account_rule': {
      const { pattern } = because.rule;
      return [
        `the account ${account.name} denies ${pattern}`,
        `If you may: ${configure} --forget ${quoted(pattern)} takes the rule back.`,
      ];
    }
    default:
      return [
        `the account ${account.name} denies every ${entry.effect} call`,
        `If you may: ${configure} --${entry.effect}=ask changes that.`,
      ];
  }
}

/**
 * Asks where the policy wants a person to approve a call: null when it may be made, else the refusal.
 * @param others more operations that the program will be refused, as far as that is known; null for a call by itself
 */
export async function authorize(
  run: Authorizing,
  subject: Subject,
  wire: WireRequest,
  others: () => Promise<readonly Refused[] | null>,
): Promise<Failure | null> {
  const { entry, account } = subject;
  if (judge(run, subject).verdict === 'allow') return null;
  const details = detailsOf(subject);
  const { method, url, body } = shownRequest(wire, account);
  const approved = await run.approve?.({ ...details, request: { method, url, body } });
  if (approved === true) return null;
  if (approved === false) {
    return failure('denied', `${details.function} (${entry.effect}) was not sent: it was not approved.`, {
      details,
    });
  }
  return approvalRequired(run, subject, await others());
}

function approvalRequired(run: RunPolicy, subject: Subject, others: readonly Refused[] | null): Failure {
  const { account, entry, integration } = subject;
  const own = refusedOf(subject, 'ask');
  const refused = [own, ...(others ?? [])];
  const names = [...new Set(refused.filter(({ verdict }) => verdict === 'ask').map(({ name }) => name))];
  const allow = names.map((name) => ` --allow ${name}`).join('');
  const command = `${configureCommand(integration.name, account.name)}${allow}`;
  const once =
    others === null
      ? 'For this call: add --force. '
      : `For this run: add${allow}, or --force for every such call. `;
  const forced = run.force ? '--force does not count for this account. ' : '';
  return failure(
    'approval_required',
    `${own.function} (${entry.effect}, account ${account.name}) needs approval, and nobody is there to ask. Nothing was sent.${alsoRefused(others ?? [])}`,
    {
      hint: `${account.policy.force ? once : forced}For good: ${command}`,
      details: { ...detailsOf(subject), refused, commands: [command] },
    },
  );
}

/** What a message says of the operations that come later. */
export function alsoRefused(others: readonly Refused[]): string {
  if (others.length === 0) return '';
  const list = others
    .map(
      ({ name, effect, account, verdict }) =>
        `\n  - ${name} (${effect}, account ${account}) ${verdict === 'deny' ? 'is denied' : 'needs approval'}`,
    )
    .join('');
  return `\nThe program names more that would be refused:${list}`;
}

export function refusedOf(subject: Subject, verdict: 'ask' | 'deny'): Refused {
  const { integration, entry, account } = subject;
  const short = integration.find(entry.luaName).length === 1 ? entry.luaName : entry.slug;
  return {
    function: fullNameOf(subject),
    name: `${integration.name}.${short}`,
    account: account.name,
    effect: entry.effect,
    verdict,
  };
}

function detailsOf(subject: Subject) {
  const { entry, account } = subject;
  return { function: fullNameOf(subject), account: account.name, effect: entry.effect };
}

function fullNameOf({ integration, entry }: Subject): string {
  return `${integration.name}.${entry.slug}`;
}

/** A shell must not look for files that a pattern fits. */
function quoted(pattern: string): string {
  return pattern.includes('*') ? `'${pattern}'` : pattern;
}
