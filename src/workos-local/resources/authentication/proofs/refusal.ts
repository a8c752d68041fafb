import { type ApiError, badRequest } from '../../../kit/errors.ts';
import type { CodeVerdict } from '../../../kit/one-time-code.ts';

/** Why something does not show who somebody is. What counting and telling it did stays. */
export interface ProofRefusal {
  readonly error: ApiError;
}

export type Refused = Exclude<CodeVerdict, 'right'>;

const reasons: Readonly<Record<Refused, readonly [code: string, message: string]>> = {
  wrong: ['invalid_one_time_code', 'This is not the code.'],
  used: ['one_time_code_previously_used', 'The code has been used.'],
  expired: ['one_time_code_expired', 'The code has expired.'],
  exhausted: ['one_time_code_too_many_attempts', 'Too many wrong codes were given in place of this one.'],
};

/** Why a code does not, as events tell it. */
export function reasonOf(verdict: Refused): { readonly code: string; readonly message: string } {
  const [code, message] = reasons[verdict];
  return { code, message };
}

export function refusalOf(verdict: Refused): ProofRefusal {
  return { error: badRequest(...reasons[verdict]) };
}

export function isRefusal(outcome: object): outcome is ProofRefusal {
  return 'error' in outcome;
}
