import type { Account } from '../accounts/index.ts';
import type { Operation } from '../manifest/index.ts';
import { type Failure, failure } from '../support/errors.ts';
import type { JsonValue } from '../support/json.ts';
import { decode, requestIdOf } from './decode.ts';
import type { Transport, TransportFailure, WireRequest, WireResponse } from './transport.ts';

/** A request that may be sent: everything before has agreed. */
export interface Sending {
  readonly operation: Operation;
  /** Full name with its integration. */
  readonly fullName: string;
  readonly account: Account;
  readonly wire: WireRequest;
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

/** Sends a request and tells what the answer means. No credential of the account is in what comes back. */
export async function exchange(
  sending: Sending,
  transportOf: () => Promise<Transport | Failure>,
  record: ExchangeRecord,
  signal: AbortSignal,
): Promise<Answered | Failure> {
  const { operation, fullName, account, wire } = sending;
  if (signal.aborted) return failure('cancelled', 'The run ended before this call was sent.');
  const transport = await transportOf();
  if ('code' in transport) return transport;
  record.attempts = 1;
  const response = await transport.send(wire, signal);
  if ('failed' in response) {
    if (response.failed === 'unreachable') record.attempts = 0;
    return unanswered(sending, response);
  }
  record.status = response.status;
  record.request_id = requestIdOf(response);
  const decoded = decode(operation, fullName, response);
  return decoded.ok ? { ...conceal(decoded, account), response } : account.redactor.data(decoded.error);
}

/** An API may echo the credentials it was sent; a script must not see them even so. */
function conceal(success: Pick<Answered, 'value' | 'text'>, account: Account): typeof success {
  if (success.text === null) return { value: account.redactor.data(success.value), text: null };
  const text = account.redactor.text(success.text);
  return text === success.text ? success : { value: account.redactor.data(success.value), text };
}

function unanswered(sending: Sending, response: TransportFailure): Failure {
  const { operation, fullName, account, wire } = sending;
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
      if (operation.effect === 'read') {
        return failure('network_error', `${origin} did not answer ${fullName}: ${reason}.`, { details });
      }
      return failure(
        'outcome_unknown',
        `${fullName} was sent, but its answer was lost: ${reason}. It may have happened.`,
        { details },
      );
  }
}
