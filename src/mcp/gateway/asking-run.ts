import {
  type AskedFor,
  type Decision,
  fingerprintOfCall,
  fingerprintOfRequest,
  type MadeCall,
} from '../../approvals/index.ts';
import type { ApprovalRequest, CallOutcome, CallRequest } from '../../call/index.ts';
import { type Failure, failure } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';

/** How much of what a run has read is kept while it waits, in bytes; beyond that it is read again. */
const mostKept = 8 * 1024 * 1024;

/** How long a run with calls that wait may make no other call before it is ended, in milliseconds. */
const settling = 25;

/**
 * What is told apart of a run whose writes are asked for. The run goes on until nothing moves but calls that wait for a
 * person; then it is ended, with what it has seen, to be run again once that person has spoken. Of the calls that it
 * makes again, those that were made are answered as they were then, whatever order they come in.
 */
export class AskingRun {
  readonly #before = new Map<string, MadeCall[]>();
  readonly #decided = new Map<string, Decision[]>();
  readonly #made: MadeCall[] = [];
  readonly #asked: AskedFor[] = [];
  #kept = 0;
  /** Calls that are under way, those that wait for a person left out. */
  #moving = 0;
  #quietSince: number | null = null;

  /** @param before what an earlier run had made and asked for, and what was decided */
  constructor(
    before: {
      readonly made: readonly MadeCall[];
      readonly asked: readonly AskedFor[];
      readonly decision: Decision;
    } | null = null,
  ) {
    for (const call of before?.made ?? []) push(this.#before, call.fingerprint, call);
    for (const { fingerprint } of before?.asked ?? [])
      push(this.#decided, fingerprint, before?.decision ?? 'denied');
  }

  /** What the run has made, those calls that it had made before it was run again among them. */
  get made(): readonly MadeCall[] {
    return this.#made;
  }

  /** What it waits for. */
  get asked(): readonly AskedFor[] {
    return this.#asked;
  }

  /** Stands around every call. */
  async onCall(request: CallRequest, make: () => Promise<CallOutcome>): Promise<CallOutcome> {
    const fingerprint = fingerprintOfCall(request);
    const earlier = this.#before.get(fingerprint)?.shift();
    if (earlier !== undefined) {
      this.#made.push(earlier);
      return earlier.outcome;
    }
    this.#move(1);
    try {
      const outcome = await make();
      this.#keep({ fingerprint, outcome });
      return outcome;
    } finally {
      this.#move(-1);
    }
  }

  /** Answers the policy's question: by what a person has decided of this very request, or not at all. */
  async approve(request: ApprovalRequest): Promise<boolean> {
    const fingerprint = fingerprintOfRequest(request);
    const decision = this.#decided.get(fingerprint)?.shift();
    if (decision !== undefined) return decision === 'approved';
    this.#asked.push({ ...request, fingerprint });
    this.#move(-1);
    // The run is ended, and with it whoever waits here.
    return new Promise(() => undefined);
  }

  /** Ends the run once nothing moves any more. */
  verdict(): Failure | null {
    if (this.#asked.length === 0 || this.#quietSince === null) return null;
    if (performance.now() - this.#quietSince < settling) return null;
    return failure('approval_required', `A person has to approve ${functionsOf(this.#asked)} first.`);
  }

  #move(by: 1 | -1): void {
    this.#moving += by;
    this.#quietSince = this.#moving === 0 ? performance.now() : null;
  }

  /** What has changed something is kept in any case; so is a failure, of which nobody knows what it has changed. */
  #keep(call: MadeCall): void {
    const { outcome } = call;
    if (outcome.record.effect === 'read') {
      const size = outcome.ok ? (outcome.text ?? stringifyJson(outcome.value)).length : 0;
      if (this.#kept + size > mostKept) return;
      this.#kept += size;
    }
    this.#made.push(call);
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function functionsOf(asked: readonly AskedFor[]): string {
  return [...new Set(asked.map((request) => request.function))].join(', ');
}
