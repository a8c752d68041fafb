import type { Account } from '../accounts/index.ts';
import type { IndexedOperation } from '../manifest/index.ts';
import { decide, localPolicy, type RunPolicy, remotePolicy } from '../policy/index.ts';
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
  /** Asks a person; null where nobody is there. */
  readonly approve: ((request: ApprovalRequest) => Promise<boolean>) | null;
}

/** Whether a call may be made: null when it may, else the refusal. */
export async function authorize(
  run: Authorizing,
  entry: IndexedOperation,
  fullName: string,
  account: Account,
  wire: WireRequest,
): Promise<Failure | null> {
  const policy = account.local ? localPolicy : remotePolicy;
  const verdict = decide(policy, run, entry.effect);
  if (verdict === 'allow') return null;
  const details = { function: fullName, account: account.name, effect: entry.effect };
  if (verdict === 'deny') {
    const reason = run.readOnly
      ? 'the run is read-only'
      : `the policy of the account ${account.name} forbids it`;
    return failure('denied', `${fullName} (${entry.effect}) was not sent: ${reason}.`, { details });
  }
  const { method, url, body } = shownRequest(wire, account);
  const approved = await run.approve?.({ ...details, request: { method, url, body } });
  if (approved === true) return null;
  if (approved === false)
    return failure('denied', `${fullName} (${entry.effect}) was not sent: it was not approved.`, {
      details,
    });
  return failure(
    'approval_required',
    `${fullName} would change data (${entry.effect}) of the account ${account.name}, and nobody is there to approve it. Nothing was sent.`,
    {
      hint: 'Run it on a terminal to be asked, or pass --force to approve every such call of the run.',
      details,
    },
  );
}
