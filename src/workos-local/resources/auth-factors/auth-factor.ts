import type { Context } from '../../kit/context.ts';
import { invalidField } from '../../kit/errors.ts';
import { type ChallengeRow, type FactorRow, insertFactor } from './auth-factors.table.ts';
import type { Totp } from './totp.ts';

/** A factor as the API serves it. Its secret is shown when it is made, and never again. */
export function serializeFactor(row: FactorRow) {
  return {
    object: 'authentication_factor' as const,
    id: row.id,
    type: row.type,
    ...(row.user_id === null ? {} : { user_id: row.user_id }),
    ...(row.phone_number === null ? {} : { sms: { phone_number: row.phone_number } }),
    ...(row.totp_issuer === null || row.totp_user === null
      ? {}
      : { totp: { issuer: row.totp_issuer, user: row.totp_user } }),
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** The same at the moment it is made: with what an authenticator needs. */
export function serializeNewFactor(row: FactorRow, totp: Totp, qrCode: (text: string) => string) {
  const { totp: shown, ...factor } = serializeFactor(row);
  if (shown === undefined || row.totp_secret === null) return factor;
  const uri = totp.uri({ ...shown, secret: row.totp_secret });
  return { ...factor, totp: { ...shown, secret: row.totp_secret, qr_code: qrCode(uri), uri } };
}

export function serializeChallenge(row: ChallengeRow) {
  return {
    object: 'authentication_challenge' as const,
    id: row.id,
    authentication_factor_id: row.factor_id,
    ...(row.expires_at === null ? {} : { expires_at: row.expires_at }),
    ...(row.code === null ? {} : { code: row.code }),
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

interface NewTotpFactor {
  readonly userId: string | null;
  readonly issuer: string;
  readonly user: string;
  /** One the application brings; otherwise one of chance. */
  readonly secret?: string | undefined;
}

/** How many bytes the largest QR code holds at its lowest error correction, less a few. */
const longestUri = 2900;

/** @throws ApiError 422 when the secret is none, or a name too long */
export function enrollTotp(context: Context, factor: NewTotpFactor, totp: Totp): FactorRow {
  const secret = factor.secret?.replaceAll(' ', '').toUpperCase() ?? totp.newSecret(context.random);
  if (!totp.isSecret(secret)) {
    throw invalidField('totp_secret', 'invalid_totp_secret', 'totp_secret is base 32 of 128 or more bits.');
  }
  if (totp.uri({ ...factor, secret }).length > longestUri) {
    throw invalidField('totp_user', 'too_long', 'totp_issuer and totp_user are more than a QR code holds.');
  }
  return enroll(context, {
    user_id: factor.userId,
    type: 'totp',
    totp_issuer: factor.issuer,
    totp_user: factor.user,
    totp_secret: secret,
  });
}

export function enroll(
  context: Context,
  factor: Pick<FactorRow, 'user_id' | 'type'> & Partial<FactorRow>,
): FactorRow {
  const row: FactorRow = {
    phone_number: null,
    totp_issuer: null,
    totp_user: null,
    totp_secret: null,
    last_step: null,
    ...factor,
    id: context.newId('auth_factor_'),
    created_at: context.now,
    updated_at: context.now,
  };
  insertFactor(context, row);
  return row;
}
