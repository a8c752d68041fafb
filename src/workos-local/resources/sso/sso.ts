import { second } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { type ApiError, badRequest, notFound, oauthError } from '../../kit/errors.ts';
import { Redirect, type Resource } from '../../operation.ts';
import { isVerifierOf } from '../authentication/authorization-codes.ts';
import { clientEnvironment, hasSecret } from '../authentication/client.ts';
import { requireConnection } from '../connections/connections.table.ts';
import { isRedirectAllowed } from '../redirect-uris/redirect-uris.ts';
import { chooseConnection } from './choose-connection.ts';
import { serializeProfile } from './profile.ts';
import { type ProfileRow, requireProfile } from './profiles.table.ts';
import { beginSignIn, errorLocation, identityProviderPath, redeemSignInCode } from './sign-in.ts';
import {
  type CodeRow,
  codeOf,
  environmentOfToken,
  newToken,
  type TokenRow,
  tokenLifetime,
  tokenRow,
} from './sso-tokens.table.ts';

export const sso = {
  SsoController_authorize: {
    writes: true,
    prepare: () =>
      Promise.resolve((context, { query }) => {
        const comeBackTo = query.redirect_uri;
        if (!isRedirectAllowed(context, comeBackTo)) {
          throw badRequest(
            'invalid_redirect_uri',
            `The redirect URI '${comeBackTo}' is not registered: POST /user_management/redirect_uris does that.`,
          );
        }
        const state = query.state ?? null;
        const chosen = chooseConnection(context, query);
        if ('error' in chosen) {
          return new Redirect(errorLocation(comeBackTo, state, chosen.error, chosen.description));
        }
        return new Redirect(
          beginSignIn(context, {
            connection: chosen,
            audience: 'sso',
            comeBackTo,
            state,
            loginHint: query.login_hint ?? null,
            codeChallenge: query.code_challenge ?? null,
          }),
        );
      }),
  },

  SsoController_token: {
    environmentOf: (database, { body }) => clientEnvironment(database, body.client_id),
    prepare: () =>
      Promise.resolve((context, { body }) => {
        const isConfidential = hasSecret(context, body);
        const row = codeOf(context, body.code);
        if (row !== null) requireProof(row, isConfidential, body.code_verifier);
        else if (!isConfidential) throw unproven();
        const profile = redeemSignInCode(context, body.code, 'sso');
        if (profile === null) {
          throw oauthError(
            400,
            'invalid_grant',
            `The code '${body.code}' has expired, has been used, or was never given out.`,
          );
        }
        return {
          token_type: 'Bearer' as const,
          access_token: newToken(context, 'access', profile.id),
          expires_in: tokenLifetime.access / second,
          profile: serializeProfile(context, profile),
        };
      }),
  },

  SsoController_getProfile: {
    environmentOf: (database, { bearerToken }) => {
      const row = bearerToken === null ? null : tokenRow(database, 'access', bearerToken);
      if (row === null) throw unknownToken();
      return environmentOfToken(row);
    },
    prepare: () =>
      Promise.resolve((context, { bearerToken }) => {
        const profile = profileOf(context, tokenRow(context.database, 'access', bearerToken ?? ''));
        if (profile === null) throw unknownToken();
        return serializeProfile(context, profile);
      }),
  },

  SsoController_logoutAuthorize: (context, { body }) => {
    const profile = requireProfile(context, body.profile_id);
    const { connection_type: type } = requireConnection(context, profile.connection_id);
    if (!/oidc$/i.test(type)) {
      throw oauthError(
        400,
        'connection_invalid',
        `A ${type} connection has no single logout: OpenID Connect ones have.`,
      );
    }
    const token = newToken(context, 'logout', profile.id);
    return { logout_url: `${context.baseUrl}/sso/logout?token=${token}`, logout_token: token };
  },

  SsoController_logout: {
    environmentOf: (database, { query }) => {
      const row = tokenRow(database, 'logout', query.token);
      if (row === null) throw notFound('Logout token', query.token);
      return environmentOfToken(row);
    },
    prepare: () =>
      Promise.resolve((context, { query }) => {
        const row = tokenRow(context.database, 'logout', query.token);
        if (profileOf(context, row) === null) throw notFound('Logout token', query.token);
        // The session to end is the identity provider's: its page takes the token.
        const token = encodeURIComponent(query.token);
        return new Redirect(`${context.baseUrl}${identityProviderPath}/sign-out?token=${token}`);
      }),
  },
} satisfies Resource<
  | 'SsoController_authorize'
  | 'SsoController_token'
  | 'SsoController_getProfile'
  | 'SsoController_logoutAuthorize'
  | 'SsoController_logout'
>;

/** The profile a token opens; null when it has been used up or has expired. */
function profileOf(context: Context, row: TokenRow | null): ProfileRow | null {
  if (row === null || row.used_at !== null || context.now >= row.expires_at) return null;
  return requireProfile(context, row.profile_id);
}

/** A secret proves who asks, a verifier that it is who began; a code that has a challenge wants its verifier. */
function requireProof(row: CodeRow, isConfidential: boolean, verifier: string | undefined): void {
  const { code_challenge: challenge } = row;
  if (challenge === null) {
    if (!isConfidential) throw unproven();
    return;
  }
  if (verifier === undefined || !isVerifierOf(challenge, verifier)) {
    throw oauthError(400, 'invalid_grant', 'The code_verifier does not fit the code_challenge.');
  }
}

function unproven(): ApiError {
  return oauthError(400, 'invalid_client', 'A client_secret, or a code_verifier, must be given.');
}

function unknownToken(): ApiError {
  return oauthError(401, 'Unauthorized', 'The access token has expired, or was never given out.');
}
