import type { Account } from '../accounts/index.ts';
import { onAbort, SpareControllers } from '../support/abort.ts';
import type { Clock } from '../support/clock.ts';
import { type Failure, failure } from '../support/errors.ts';
import type { JsonValue } from '../support/json.ts';
import { decode, requestIdOf } from './decode.ts';
import { type Persisted, persist } from './persist.ts';
import { RateGate } from './rate-gate.ts';
import type { Sending } from './sending.ts';
import type { Transport, TransportFailure, WireRequest, WireResponse } from './transport.ts';
import { unanswered } from './unanswered.ts';

/** How long a call may take. */
export interface ExchangeLimits {
  /** Any of them ends the exchange, also when it is under way. */
  readonly signals: readonly AbortSignal[];
  /** Milliseconds for all attempts and the waits between them. */
  readonly timeoutMs: number;
  /** When the run ends, by the clock: a wait that would outlast it is not begun. */
  readonly deadline: number;
}

/** What an exchange leaves in the call's record. */
export interface ExchangeRecord {
  status: number | null;
  attempts: number;
  request_id: string | null;
}

/** An answer that means a value. */
export interface Answered {
  readonly value: JsonValue;
  /** The answer's JSON text when there is one. */
  readonly text: string | null;
  readonly response: WireResponse;
}

export interface ExchangeParts {
  readonly clock: Clock;
  /** Between 0 and 1. */
  readonly random: () => number;
  /** A new idempotency key. */
  readonly newKey: () => string;
}

/** The exchanges of a process with the APIs: what one call learns of an API's limits, the others keep to. */
export class Exchanges {
  readonly #parts: ExchangeParts;
  readonly #gates = new Map<string, RateGate>();
  readonly #spare = new SpareControllers();

  constructor(parts: ExchangeParts) {
    this.#parts = parts;
  }

  /** Sends a request and tells what the answer means. No credential of the account is in what comes back. */
  async exchange(
    sending: Sending,
    transport: Transport,
    record: ExchangeRecord,
    limits: ExchangeLimits,
  ): Promise<Answered | Failure> {
    if (limits.signals.some(({ aborted }) => aborted))
      return failure('cancelled', 'The run ended before this call was sent.');
    const { operation, fullName, account } = sending;
    const { answer, sent, uncertain } = await this.#within(limits, sending, transport);
    record.attempts = sent;
    const head = 'status' in answer ? answer : 'head' in answer ? answer.head : null;
    // A tool's answer has no status: what stands in its place is only between the steps of a call.
    record.status = operation.method === 'TOOL' ? null : (head?.status ?? null);
    record.request_id = head === null ? null : requestIdOf(head);
    if ('failed' in answer) return unanswered(sending, answer, uncertain);
    const decoded = decode(operation, fullName, answer);
    return decoded.ok
      ? { ...conceal(decoded, account), response: answer }
      : account.redactor.data(decoded.error);
  }

  async #within(limits: ExchangeLimits, sending: Sending, transport: Transport): Promise<Persisted> {
    const { clock, random } = this.#parts;
    const ending = this.#spare.take();
    const end = () => ending.abort();
    let late = false;
    const callOff = clock.after(limits.timeoutMs, () => {
      late = true;
      end();
    });
    const unhear = limits.signals.map((signal) => onAbort(signal, end));
    try {
      const { wire, repeatable } = this.#repeatable(sending);
      const persisted = await persist(transport, wire, ending.signal, {
        gate: this.#gateOf(sending),
        clock,
        random,
        repeatable,
        deadline: Math.min(limits.deadline, clock.now() + limits.timeoutMs),
      });
      return late ? { ...persisted, answer: timedOut(persisted.answer, limits.timeoutMs) } : persisted;
    } finally {
      callOff();
      for (const stop of unhear) stop();
      this.#spare.giveBack(ending);
    }
  }

  /** A write is repeatable when it carries an idempotency key; one is added where the operation takes it. */
  #repeatable({ operation, wire }: Sending): { wire: WireRequest; repeatable: boolean } {
    if (operation.effect === 'read') return { wire, repeatable: true };
    const takesKey = operation.parameters.some(
      ({ in: place, name }) => place === 'header' && name.toLowerCase() === keyHeader,
    );
    if (!takesKey) return { wire, repeatable: false };
    const key = wire.headers[keyHeader] ?? this.#parts.newKey();
    return { wire: { ...wire, headers: { ...wire.headers, [keyHeader]: key } }, repeatable: true };
  }

  #gateOf({ account, wire }: Sending): RateGate {
    const key = `${account.integration} ${account.name} ${originOf(wire.url)}`;
    let gate = this.#gates.get(key);
    if (gate === undefined) {
      gate = new RateGate(this.#parts.clock, this.#parts.random);
      this.#gates.set(key, gate);
    }
    return gate;
  }
}

const keyHeader = 'idempotency-key';

/** The scheme and host of an http URL, which `wireRequest` has checked. */
function originOf(url: string): string {
  return url.slice(0, url.indexOf('/', url.indexOf('//') + 2));
}

/** The time was up before the caller's was: then it is the API that took too long. */
function timedOut(
  answer: WireResponse | TransportFailure,
  timeoutMs: number,
): WireResponse | TransportFailure {
  if (!('failed' in answer) || answer.failed !== 'cancelled') return answer;
  const reason = `no answer within ${timeoutMs / 1000} s`;
  return answer.sent
    ? { failed: 'lost', reason, head: null }
    : { failed: 'unreachable', reason, lasting: true };
}

/** An API may echo the credentials it was sent; a script must not see them even so. */
function conceal(success: Pick<Answered, 'value' | 'text'>, account: Account): typeof success {
  if (success.text === null) return { value: account.redactor.data(success.value), text: null };
  const text = account.redactor.text(success.text);
  return text === success.text ? success : { value: account.redactor.data(success.value), text };
}
