import type { Account, AccountSource } from '../accounts/index.ts';
import { type Catalog, didYouMean, nearestNames } from '../catalog/index.ts';
import type { IndexedOperation } from '../manifest/index.ts';
import { type Failure, failure } from '../support/errors.ts';
import { fillFromAccount } from './account-defaults.ts';
import { type Authorizing, authorize } from './authorize.ts';
import { bind } from './bind.ts';
import { CallBudget, type CallLimits } from './budget.ts';
import type { CallOutcome, CallRecord, CallRequest } from './call.ts';
import { decode, requestIdOf } from './decode.ts';
import type { DryRun, PlannedCall } from './dry-run.ts';
import { addHeaders } from './extra-headers.ts';
import type { Issue } from './issue.ts';
import { pageOf } from './pagination.ts';
import type { OperationPlan, OperationPlans } from './plan.ts';
import { selectOperation } from './select.ts';
import type { Transport, TransportFailure, WireRequest, WireResponse } from './transport.ts';
import { validate } from './validate.ts';
import { shownRequest, wireRequest } from './wire.ts';

export interface RunOptions extends Authorizing {
  /** The account of calls that name none. */
  readonly account: string;
  readonly limits: CallLimits;
  /** Holds back what would change something; null for a run that is meant. */
  readonly dryRun: DryRun | null;
}

export interface PipelineParts {
  readonly catalog: Catalog;
  readonly accounts: AccountSource;
  readonly plans: OperationPlans;
  /** The way to an account's API, or why there is none. Asked once per account and run. */
  transport(account: Account): Promise<Transport | Failure>;
  /** Milliseconds, only ever compared with each other. */
  now(): number;
  readonly userAgent: string;
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
    const started = this.#parts.now();
    const journal: Journal = {
      function: `${request.integration}.${request.function}`,
      account: request.account ?? this.#run.account,
      effect: null,
      status: null,
      attempts: 0,
      request_id: null,
      planned: false,
    };
    const result = await this.#perform(request, journal, signal, unwanted);
    const duration = Math.round((this.#parts.now() - started) * 1000) / 1000;
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
    };
    if ('value' in result) {
      this.records.push(record);
      return { ok: true, ...result, record };
    }
    const failed = { ...record, error: result.code };
    this.records.push(failed);
    return { ok: false, error: result, record: failed };
  }

  async #perform(
    request: CallRequest,
    journal: Journal,
    signal: AbortSignal,
    unwanted: AbortSignal,
  ): Promise<Success | Failure> {
    const integration = this.#parts.catalog.get(request.integration);
    if (integration === undefined) return unknownIntegration(this.#parts.catalog, request.integration);
    const selected = selectOperation(integration, request.function, request.args);
    if ('code' in selected) return selected;
    const fullName = `${integration.name}.${selected.slug}`;
    journal.function = fullName;
    journal.effect = selected.effect;

    const account = this.#parts.accounts.get(integration.name, journal.account);
    if ('code' in account) return account;

    const plan = this.#parts.plans.get(integration, selected);
    const bound = bind(plan, request.args);
    fillFromAccount(plan, bound, account);
    const issues = validate(plan, bound);
    if (issues.length > 0) return invalidArguments(selected, fullName, issues, account);

    const made = wireRequest(
      plan.operation,
      bound,
      account,
      integration.reader.index.baseUrl,
      this.#parts.userAgent,
    );
    const wire = 'code' in made ? made : addHeaders(made, request.headers ?? {});
    if ('code' in wire) return wire;
    const refusal =
      (await authorize(this.#run, selected, fullName, account, wire)) ?? this.budget.spend(selected.effect);
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
    const ending =
      selected.effect === 'read' && unwanted !== never ? AbortSignal.any([signal, unwanted]) : signal;
    if (unwanted.aborted) return failure('cancelled', 'Nobody wanted the answer any more; it was not sent.');
    const answered = await this.#exchange(plan, fullName, account, wire, journal, ending);
    if ('code' in answered) return answered;
    const page = pageOf(plan.operation, request.args, answered.value, answered.response);
    return { value: answered.value, text: answered.text, page };
  }

  async #exchange(
    plan: OperationPlan,
    fullName: string,
    account: Account,
    wire: WireRequest,
    journal: Journal,
    signal: AbortSignal,
  ): Promise<Answered | Failure> {
    if (signal.aborted) return failure('cancelled', 'The run ended before this call was sent.');
    const transport = await this.#transport(account);
    if ('code' in transport) return transport;
    journal.attempts = 1;
    const response = await transport.send(wire, signal);
    if ('failed' in response) {
      if (response.failed === 'unreachable') journal.attempts = 0;
      return this.#unanswered(plan, fullName, account, wire, response);
    }
    journal.status = response.status;
    journal.request_id = requestIdOf(response);
    const decoded = decode(plan.operation, fullName, response);
    return decoded.ok ? { ...conceal(decoded, account), response } : account.redactor.data(decoded.error);
  }

  #unanswered(
    plan: OperationPlan,
    fullName: string,
    account: Account,
    wire: WireRequest,
    response: TransportFailure,
  ): Failure {
    const origin = account.redactor.text(new URL(wire.url).origin);
    const reason = account.redactor.text(response.reason);
    const details = { operation: fullName, url: origin };
    switch (response.failed) {
      case 'cancelled':
        return failure('cancelled', `The run ended while ${fullName} was under way.`, { details });
      case 'too_large':
        return failure('invalid_response', `The answer of ${fullName} is too large: ${reason}.`, { details });
      case 'unreachable':
        return failure('network_error', `Cannot reach ${origin}: ${reason}.`, { details });
      case 'lost':
        if (plan.operation.effect === 'read') {
          return failure('network_error', `${origin} did not answer ${fullName}: ${reason}.`, { details });
        }
        return failure(
          'outcome_unknown',
          `${fullName} was sent, but its answer was lost: ${reason}. It may have happened.`,
          { details },
        );
    }
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

interface Journal {
  function: string;
  account: string;
  effect: CallRecord['effect'];
  status: number | null;
  attempts: number;
  request_id: string | null;
  planned: boolean;
}

type Success = Pick<Extract<CallOutcome, { ok: true }>, 'value' | 'text' | 'page'>;
type Answer = Pick<Success, 'value' | 'text'>;
type Answered = Answer & { readonly response: WireResponse };

const never = new AbortController().signal;

/** An API may echo the credentials it was sent; a script must not see them even so. */
function conceal(success: Answer, account: Account): Answer {
  if (success.text === null) return { value: account.redactor.data(success.value), text: null };
  const text = account.redactor.text(success.text);
  return text === success.text ? success : { value: account.redactor.data(success.value), text };
}

function unknownIntegration(catalog: Catalog, name: string): Failure {
  const names = catalog.names();
  return failure(
    'unknown_integration',
    `Unknown integration ${name}.${didYouMean(nearestNames(name, names))}`,
    {
      hint: `Installed: ${names.join(', ') || 'none'}.`,
      details: { integration: name, integrations: names },
    },
  );
}

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
