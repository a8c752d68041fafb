import type { Context } from '../../kit/context.ts';
import { badRequest, invalidField, unprocessable } from '../../kit/errors.ts';
import { listOf, listPage } from '../../kit/list.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { requireUser, userById } from '../users/users.table.ts';
import {
  enroll,
  enrollTotp,
  serializeChallenge,
  serializeFactor,
  serializeNewFactor,
} from './auth-factor.ts';
import { deleteFactorRow, type FactorRow, requireChallenge, requireFactor } from './auth-factors.table.ts';
import { answerChallenge, challengeFactor } from './challenge.ts';
import { defaultIssuer, loadQrCodes, loadTotp, type Totp } from './totp.ts';

/** An international number (E.164). */
const phoneNumber = /^\+[1-9]\d{6,14}$/;

export const authFactors = {
  'UserlandUserAuthenticationFactorsController_list[0]': (context, { path, query }) => {
    const user = requireUser(context, path.userlandUserId);
    const page = listPage<FactorRow>(context, query, {
      table: 'auth_factors',
      prefix: 'auth_factor_',
      where: [['user_id = ?', user.id]],
    });
    return listOf(page, serializeFactor);
  },

  'UserlandUserAuthenticationFactorsController_create[0]': {
    prepare: async () => {
      const [totp, qrCode] = await Promise.all([loadTotp(), loadQrCodes()]);
      return (context, { path, body }) => {
        const user = requireUser(context, path.userlandUserId);
        const row = enrollTotp(
          context,
          {
            userId: user.id,
            issuer: nonEmpty(body.totp_issuer) ?? defaultIssuer,
            user: nonEmpty(body.totp_user) ?? user.email,
            secret: body.totp_secret,
          },
          totp,
        );
        return {
          authentication_factor: serializeNewFactor(row, totp, qrCode),
          authentication_challenge: serializeChallenge(challengeFactor(context, row)),
        };
      };
    },
  },

  AuthenticationFactorsController_create: {
    prepare: async () => {
      const [totp, qrCode] = await Promise.all([loadTotp(), loadQrCodes()]);
      return (context, { body }) => serializeNewFactor(enrolled(context, body, totp), totp, qrCode);
    },
  },

  AuthenticationFactorsController_get: (context, { path }) =>
    serializeFactor(requireFactor(context, path.id)),

  AuthenticationFactorsController_delete: (context, { path }) => {
    deleteFactorRow(context, requireFactor(context, path.id).id);
    return undefined;
  },

  AuthenticationFactorsController_challenge: (context, { path, body }) => {
    const template = body.sms_template;
    if (template !== undefined && !template.includes('{{code}}')) {
      throw invalidField('sms_template', 'invalid_sms_template', 'sms_template has {{code}} in it.');
    }
    return serializeChallenge(challengeFactor(context, requireFactor(context, path.id), template));
  },

  AuthenticationChallengesController_verify: {
    prepare: async () => {
      const totp = await loadTotp();
      return (context, { path, body }) => {
        const row = requireChallenge(context, path.id);
        const factor = requireFactor(context, row.factor_id);
        const { verdict, challenge } = answerChallenge(context, row, factor, body.code, totp);
        switch (verdict) {
          case 'used':
            throw unprocessable(
              'authentication_challenge_previously_verified',
              'The challenge has been verified; make a new one.',
            );
          case 'expired':
            throw unprocessable(
              'authentication_challenge_expired',
              'The challenge has expired; make a new one.',
            );
          case 'exhausted':
            throw badRequest(
              'one_time_code_too_many_attempts',
              'Too many wrong codes were given to this challenge; make a new one.',
            );
          default:
            return { challenge: serializeChallenge(challenge), valid: verdict === 'right' };
        }
      };
    },
  },
} satisfies Resource<
  | 'UserlandUserAuthenticationFactorsController_list[0]'
  | 'UserlandUserAuthenticationFactorsController_create[0]'
  | 'AuthenticationFactorsController_create'
  | 'AuthenticationFactorsController_get'
  | 'AuthenticationFactorsController_delete'
  | 'AuthenticationFactorsController_challenge'
  | 'AuthenticationChallengesController_verify'
>;

type Enrolment = OperationRequest<'AuthenticationFactorsController_create'>['body'];

/** @throws ApiError 422 without what the type of factor needs */
function enrolled(context: Context, body: Enrolment, totp: Totp): FactorRow {
  const user_id = body.user_id === undefined ? null : knownUser(context, body.user_id);
  switch (body.type) {
    case 'totp': {
      const issuer = required('totp_issuer', body.totp_issuer);
      return enrollTotp(
        context,
        { userId: user_id, issuer, user: required('totp_user', body.totp_user) },
        totp,
      );
    }
    case 'sms': {
      const phone_number = required('phone_number', body.phone_number).replaceAll(/[\s().-]/g, '');
      if (!phoneNumber.test(phone_number)) {
        throw invalidField(
          'phone_number',
          'invalid_phone_number',
          'phone_number is an international number: +15005550006',
        );
      }
      return enroll(context, { user_id, type: 'sms', phone_number });
    }
    case 'generic_otp':
      return enroll(context, { user_id, type: 'generic_otp' });
  }
}

function knownUser(context: Context, id: string): string {
  if (userById(context, id) === null) {
    throw invalidField('user_id', 'user_not_found', 'There is no user with this id.');
  }
  return id;
}

function required(field: string, value: string | undefined): string {
  const text = nonEmpty(value);
  if (text === null) throw invalidField(field, 'required', `${field} must not be left out or empty.`);
  return text;
}

function nonEmpty(value: string | undefined): string | null {
  return value === undefined || value.trim() === '' ? null : value;
}
