import type { Context } from '../../kit/context.ts';
import { deliver } from '../../kit/inbox.ts';
import { type CodeVerdict, checkCode, mostAttempts, newCode } from '../../kit/one-time-code.ts';
import {
  type ChallengeRow,
  type FactorRow,
  insertChallenge,
  keepLastStep,
  updateChallenge,
} from './auth-factors.table.ts';
import type { Totp } from './totp.ts';

const defaultTemplate = 'Your verification code is {{code}}.';

/** Asks for a code of a factor. A code that goes by text message lands in the inbox. */
export function challengeFactor(
  context: Context,
  factor: FactorRow,
  template = defaultTemplate,
): ChallengeRow {
  // An authenticator makes its codes itself, and they are not this challenge's to expire.
  const { code, expires_at } = factor.type === 'totp' ? { code: null, expires_at: null } : newCode(context);
  const row: ChallengeRow = {
    id: context.newId('auth_challenge_'),
    factor_id: factor.id,
    code,
    attempts: 0,
    used_at: null,
    expires_at,
    created_at: context.now,
    updated_at: context.now,
  };
  insertChallenge(context, row);
  if (factor.phone_number !== null && code !== null) {
    deliver(context, {
      kind: 'sms',
      recipient: factor.phone_number,
      subject: template.replaceAll('{{code}}', code),
      code,
    });
  }
  return row;
}

/**
 * What a code is worth for a challenge. A right one uses the challenge up, and a wrong one is counted: in five
 * attempts nobody guesses one of a million. The code of an authenticator is taken once, whatever it is asked for.
 */
export function answerChallenge(
  context: Context,
  row: ChallengeRow,
  factor: FactorRow,
  code: string,
  totp: Totp,
): { readonly verdict: CodeVerdict; readonly challenge: ChallengeRow } {
  const verdict = verdictOf(context, row, factor, code, totp);
  if (verdict !== 'right' && verdict !== 'wrong') return { verdict, challenge: row };
  const challenge =
    verdict === 'right'
      ? { ...row, used_at: context.now, updated_at: context.now }
      : { ...row, attempts: row.attempts + 1 };
  updateChallenge(context, challenge);
  return { verdict, challenge };
}

function verdictOf(
  context: Context,
  row: ChallengeRow,
  factor: FactorRow,
  code: string,
  totp: Totp,
): CodeVerdict {
  if (row.code !== null && row.expires_at !== null) {
    // Whatever is given to a challenge that has been answered, that is what there is to say.
    if (row.used_at !== null) return 'used';
    return checkCode({ ...row, code: row.code, expires_at: row.expires_at }, code, context.now);
  }
  if (row.used_at !== null) return 'used';
  if (row.attempts >= mostAttempts) return 'exhausted';
  const step = totp.stepOf(factor.totp_secret ?? '', code, context.time);
  if (step === null || step <= (factor.last_step ?? -1)) return 'wrong';
  keepLastStep(context, factor.id, step);
  return 'right';
}
