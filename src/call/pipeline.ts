import type { Account, AccountSource } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { IndexedOperation } from '../manifest/index.ts';
import type { Clock } from '../support/clock.ts';
import { type Failure, failure } from '../support/errors.ts';
import type { JsonValue } from '../support/json.ts';
import { fillFromAccount } from './account-defaults.ts';
import { type Authorizing, alsoRefused, authorize, denial, type Refused } from './authorize.ts';
import { type BoundArguments, bind } from './bind.ts';
import { CallBudget, type CallLimits } from './budget.ts';
import type { CallOutcome, CallRecord, CallRequest } from './call.ts';
import { wayOf } from './credentials.ts';
import type { DryRun, PlannedCall } from './dry-run.ts';
import type { ExchangeRecord, Exchanges } from './exchange.ts';
import { addHeaders } from './extra-headers.ts';
import { fileNameOf } from './file-name.ts';
import { attachFiles, type FileAccess } from './files.ts';
import { freeRequest, isFreeRequest } from './free-request.ts';
import type { Issue } from './issue.ts';
import type { CallEntry, CallJournal } from './journal.ts';
import { pageOf } from './pagination.ts';
import type { OperationPlan, OperationPlans } from './plan.ts';
import { type NamedCall, refusals } from './refusals.ts';
import { selectOperation } from './select.ts';
import { shownArguments } from './shown-arguments.ts';
import type { Transport, WireResponse } from './transport.ts';
import { validate } from './validate.ts';
import { shownRequest, wireRequest } from './wire.ts';

export interface RunOptions extends Authorizing {
  /** The account of calls that name none. */
  readonly account: string;
  readonly limits: CallLimits;
  /** Holds back what would change something; null for a run that is meant. */
  readonly dryRun: DryRun | null;
  /** The operations that the run's program names, so that a refusal can tell of all that is to come. */
  readonly named?: () => Promise<readonly NamedCall[]>;
  /** How many milliseconds a call may take, its repetitions included, when it does not say itself. */
  readonly timeoutMs: number;
  /** When the run ends, by the clock; Infinity when nothing ends it. */
  readonly deadline: number;
  /** Which files its calls may send. */
  readonly files: FileAccess;
  /** Where the run's calls are written down. */
  readonly journal: CallJournal;
}

export interface PipelineParts {
  readonly catalog: Catalog;
  readonly accounts: AccountSource;
  readonly plans: OperationPlans;
  /** The way to an account's API, or why there is none. Asked once per account and run. */
  transport(account: Account): Promise<Transport | Failure>;
  readonly exchanges: Exchanges;
  readonly clock: Clock;
  readonly userAgent: string;
  /** Tells whoever looks after the run; once and again with the same words. */
  warn(text: string): void;
  /** Keeps what was answered and is no text in a file; its path, or null when there is no keeping it. */
  keep(bytes: Uint8Array, name: string): string | null;
}

/**
 * The one way to make a call, whoever asks:
 * select → account → bind → validate → policy → budget → send → decode, and a line in the run's journal whatever
 * came of it. One pipeline serves one run.
 */
export class CallPipeline {
  readonly records: CallRecord[] = [];
  readonly budget: CallBudget;
  readonly #parts: PipelineParts;
  readonly #run: RunOptions;
  readonly #transports = new Map<Account, Promise<Transport | Failure>>();

  constructor(parts: PipelineParts, run: RunOptions) {
    this.#parts = parts;
    this.#run = run;
    this.budget = new CallBudget(run.limits);
  }

  /** The calls that a dry run has not sent; null when the run is meant. */
  get planned(): readonly PlannedCall[] | null {
    return this.#run.dryRun?.planned ?? null;
  }

  /**
   * @param signal ends the call, also when it is under way
   * @param unwanted aborted when nobody wants the answer any more: what is not sent by then is not sent, and what
   *   changes nothing is broken off
   */
  async call(request: CallRequest, signal: AbortSignal, unwanted: AbortSignal = never): Promise<CallOutcome> {
    const started = this.#parts.clock.now();
    const entry = this.#run.journal.call();
    const journal: Journal = {
      entry,
      shown: () => shownArguments(request.args, null, null),
      function: `${request.integration}.${request.function}`,
      account: request.account ?? this.#run.account,
      effect: null,
      status: null,
      attempts: 0,
      request_id: null,
      planned: false,
      namesOnly: null,
    };
    const result = await this.#perform(request, journal, signal, unwanted);
    const duration = Math.round((this.#parts.clock.now() - started) * 1000) / 1000;
    const { function: name, account, effect, status, attempts, request_id } = journal;
    const record: CallRecord = {
      function: name,
      account,
      effect,
      status,
      attempts,
      duration_ms: duration,
      request_id,
      ...(journal.planned ? { planned: true } : {}),
      ...(journal.namesOnly === null ? {} : { names_only: journal.namesOnly }),
    };
    if ('value' in result) {
      this.records.push(record);
      entry.settled(record, journal.shown);
      return { ok: true, ...result, record };
    }
    const failed = { ...record, error: result.code };
    this.records.push(failed);
    entry.settled(failed, journal.shown);
    return { ok: false, error: result, record: failed };
  }

  async #perform(
    request: CallRequest,
    journal: Journal,
    signal: AbortSignal,
    unwanted: AbortSignal,
  ): Promise<Success | Failure> {
    const integration = this.#parts.catalog.get(request.integration);
    if (integration === undefined) return this.#parts.catalog.unknown(request.integration);
    const named = selectOperation(integration, request.function, request.args);
    if ('code' in named) return named;
    const free = isFreeRequest(named, integration)
      ? freeRequest(this.#parts.plans, integration, named, request.args)
      : null;
    if (free !== null && 'code' in free) return free;
    const selected = free?.entry ?? named;
    const fullName = `${integration.name}.${selected.slug}`;
    journal.function = fullName;
    journal.effect = selected.effect;

    const account = await this.#parts.accounts.get(integration.name, journal.account);
    if ('code' in account) return account;
    const subject = { integration, entry: selected, account };
    const denied = denial(this.#run, subject);
    if (denied !== null) return this.#withOthers(denied, fullName);

    const plan = free?.plan ?? this.#parts.plans.get(integration, selected);
    const locked = await account.open(plan.fieldsOf(account));
    if (locked !== null) return account.redactor.data(locked);
    journal.shown = () => shownArguments(request.args, plan, account);
    const bound = free?.bound ?? bind(plan, request.args);
    concealCredential(plan, bound, account);
    fillFromAccount(plan, bound, account);
    const issues = free === null ? validate(plan, bound) : [];
    if (plan.namesOnly !== null) {
      journal.namesOnly = plan.namesOnly;
      this.#parts.warn(`Of ${fullName} only the names of the arguments were checked: ${plan.namesOnly}.`);
    }
    if (issues.length > 0) return invalidArguments(selected, fullName, issues, account);

    const files = await attachFiles(plan, bound, this.#run.files);
    if ('code' in files) return files;

    const makeRequest = () => {
      const { baseUrl } = integration.reader.index;
      const made = wireRequest(plan, bound, account, baseUrl, this.#parts.userAgent, files);
      return 'code' in made ? made : addHeaders(made, { ...request.headers, ...free?.headers });
    };
    const wire = makeRequest();
    if ('code' in wire) return wire;
    const refusal =
      (await authorize(this.#run, subject, wire, () => this.#others(fullName))) ??
      this.budget.spend(selected.effect);
    if (refusal !== null) return refusal;
    const planned = this.#run.dryRun?.plan({
      plan,
      args: request.args,
      wire,
      planned: {
        function: fullName,
        account: account.name,
        effect: selected.effect,
        request: shownRequest(wire, account),
      },
    });
    if (planned !== undefined) {
      journal.planned = true;
      const page = pageOf(plan.operation, request.args, planned, { status: 0, headers: {}, body: '' });
      return { value: planned, text: null, page };
    }
    if (unwanted.aborted) return failure('cancelled', 'Nobody wanted the answer any more; it was not sent.');
    const transport = await this.#transport(account);
    if ('code' in transport) return transport;
    journal.entry.sending({
      function: fullName,
      account: account.name,
      effect: selected.effect,
      arguments: journal.shown,
    });
    const sending = { operation: plan.operation, fullName, account, wire };
    const limits = {
      // Breaking off what changes something would leave it open whether it did.
      signals: selected.effect === 'read' ? [signal, unwanted] : [signal],
      timeoutMs: request.timeoutMs ?? this.#run.timeoutMs,
      deadline: this.#run.deadline,
    };
    let answered = await this.#parts.exchanges.exchange(sending, transport, journal, limits);
    // A call that was not let in has changed nothing, so it is made again when the account gets another token.
    if (journal.status === 401 && (await renewCredential(plan, bound, account))) {
      const again = makeRequest();
      if ('code' in again) return again;
      const { attempts } = journal;
      answered = await this.#parts.exchanges.exchange(
        { ...sending, wire: again },
        transport,
        journal,
        limits,
      );
      journal.attempts += attempts;
    }
    if ('code' in answered) return answered;
    const { bytes } = answered.response;
    if (bytes !== undefined && answered.value === null) return this.#kept(bytes, answered.response, fullName);
    const page = pageOf(plan.operation, request.args, answered.value, answered.response);
    return { value: answered.value, text: answered.text, page };
  }

  #kept(bytes: Uint8Array, response: WireResponse, fullName: string): Success | Failure {
    const file = this.#parts.keep(bytes, fileNameOf(response, fullName));
    if (file === null) {
      return failure('home_unusable', `${fullName} answered with a file, and there is no keeping it.`, {
        details: { operation: fullName, bytes: bytes.byteLength },
      });
    }
    const type = response.headers['content-type'] ?? null;
    return { value: { file, bytes: bytes.byteLength, content_type: type }, text: null, page: null };
  }

  /** Operations that the program names and will be refused, apart from the one that was just called; null without a program. */
  async #others(fullName: string): Promise<readonly Refused[] | null> {
    const named = await this.#run.named?.();
    if (named === undefined) return null;
    const refused = await refusals(named, this.#parts, this.#run);
    return refused.filter(({ function: name }) => name !== fullName);
  }

  async #withOthers(denied: Failure, fullName: string): Promise<Failure> {
    const others = await this.#others(fullName);
    if (others === null || others.length === 0) return denied;
    const refused = [...(denied.details['refused'] as readonly Refused[]), ...others];
    return {
      ...denied,
      message: `${denied.message}${alsoRefused(others)}`,
      details: { ...denied.details, refused },
    };
  }

  #transport(account: Account): Promise<Transport | Failure> {
    let transport = this.#transports.get(account);
    if (transport === undefined) {
      transport = this.#parts.transport(account);
      this.#transports.set(account, transport);
    }
    return transport;
  }
}

/** A credential that the call brought is shown as little as the account's own. */
function concealCredential(plan: OperationPlan, bound: BoundArguments, account: Account): void {
  const parameter = plan.operation.parameters.find((entry) => entry.in === 'credential');
  const value = parameter === undefined ? undefined : bound.values[parameter.argument];
  if (typeof value === 'string' && !account.local) account.conceal(value);
}

/** Whether the account has another token in place of the one that was sent; what a call brought is its own affair. */
async function renewCredential(
  { operation }: OperationPlan,
  bound: BoundArguments,
  account: Account,
): Promise<boolean> {
  const { parameters } = operation;
  const auth = wayOf(operation.auth, account);
  if (auth?.kind !== 'bearer') return false;
  const argument = parameters.find((entry) => entry.in === 'credential')?.argument;
  const sent = argument === undefined ? undefined : bound.values[argument];
  if (sent !== undefined && sent !== account.value(auth.field)) return false;
  if (!(await account.renew(auth.field))) return false;
  if (argument !== undefined) delete bound.values[argument];
  return true;
}

interface Journal extends ExchangeRecord {
  readonly entry: CallEntry;
  /** The arguments as they may be kept, by what is known of the operation and the account so far. */
  shown: () => JsonValue;
  function: string;
  account: string;
  effect: CallRecord['effect'];
  planned: boolean;
  /** Why only the names of its arguments were checked. */
  namesOnly: string | null;
}

type Success = Pick<Extract<CallOutcome, { ok: true }>, 'value' | 'text' | 'page'>;

const never = new AbortController().signal;

function invalidArguments(
  entry: IndexedOperation,
  fullName: string,
  issues: readonly Issue[],
  account: Account,
): Failure {
  const list = issues.map(({ message }) => (issues.length === 1 ? message : `\n  - ${message}`)).join('');
  const error = failure(
    'invalid_arguments',
    `${entry.luaName}: ${issues.length === 1 ? '' : `${issues.length} problems:`}${list}`,
    {
      hint: `docs.read("${fullName.split('.')[0]}.${entry.luaName}") shows what it takes.`,
      details: { operation: fullName, errors: issues },
    },
  );
  return account.redactor.data(error);
}
