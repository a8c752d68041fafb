import { type ApiError, badRequest } from '../../kit/errors.ts';
import type { CodeVerdict } from '../../kit/one-time-code.ts';

/** Why something does not sign in, as the answer and as the event says it. */
export interface CodeRefusal {
  readonly error: ApiError;
  readonly told: { readonly code: string; readonly message: string };
}

const reasons: Readonly<Record<Exclude<CodeVerdict, 'right'>, readonly [code: string, message: string]>> = {
  wrong: ['invalid_one_time_code', 'This is not the code.'],
  used: ['one_time_code_previously_used', 'The code has been used.'],
  expired: ['one_time_code_expired', 'The code has expired.'],
  exhausted: ['one_time_code_too_many_attempts', 'Too many wrong codes were given in place of this one.'],
};

/** Why a code does not sign in. */
export function codeRefusal(verdict: Exclude<CodeVerdict, 'right'>): CodeRefusal {
  const [code, message] = reasons[verdict];
  return { error: badRequest(code, message), told: { code, message } };
}
