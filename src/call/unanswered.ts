import { type Failure, failure } from '../support/errors.ts';
import type { Sending } from './sending.ts';
import type { TransportFailure } from './transport.ts';

/**
 * The error of a call that has no answer. A write that may have happened is `outcome_unknown`, however it came to that.
 * @param uncertain whether an earlier attempt may have been carried out
 */
export function unanswered(sending: Sending, response: TransportFailure, uncertain: boolean): Failure {
  const { operation, fullName, account, wire } = sending;
  const origin = account.redactor.text(new URL(wire.url).origin);
  const reason = account.redactor.text(response.reason);
  const status = 'head' in response ? (response.head?.status ?? null) : null;
  const details = { operation: fullName, url: origin, ...(status === null ? {} : { status }) };
  if (operation.effect !== 'read' && (uncertain || mayHaveHappened(response))) {
    const answered = status === null ? '' : ` (its status was ${status})`;
    return failure(
      'outcome_unknown',
      `${fullName} was sent, but its answer was lost${answered}: ${reason}. It may have happened.`,
      { details },
    );
  }
  switch (response.failed) {
    case 'cancelled':
      return failure('cancelled', `The run ended while ${fullName} was under way.`, { details });
    case 'unreachable':
      return failure('network_error', `Cannot reach ${origin}: ${reason}.`, { details });
    case 'lost':
      return failure('network_error', `${origin} did not answer ${fullName}: ${reason}.`, { details });
    case 'unreadable':
      return failure('invalid_response', `The answer of ${fullName} cannot be read: ${reason}.`, { details });
    case 'too_large':
      return failure('invalid_response', `The answer of ${fullName} is too large: ${reason}.`, { details });
  }
}

function mayHaveHappened(response: TransportFailure): boolean {
  return response.failed === 'cancelled' ? response.sent : response.failed !== 'unreachable';
}
