import { Hono, type Context as HonoContext } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Context } from '../kit/context.ts';
import { environmentOfClient } from '../kit/environments.ts';
import { ApiError, oauthError } from '../kit/errors.ts';
import { parseJson } from '../kit/input.ts';
import { contextOf } from '../pages/context-of.ts';
import type { AreaEnv, CreateArea, PageHost } from '../pages/host.ts';
import { createPageApp } from '../pages/page-app.ts';
import { PageError } from '../pages/page-error.ts';
import type { ApplicationRow } from '../resources/connect-applications/connect-applications.table.ts';
import { oauthPath } from '../resources/connect-oauth/external-auth.ts';
import { type Claims, signToken } from '../resources/sessions/access-token.ts';
import { ensureSigningKey } from '../resources/signing-keys/signing-keys.ts';
import { applicationOfClient, authorizeLocation, standardScopes } from './authorize.ts';
import { addConsent } from './consent.ts';
import { introspect, userInfo } from './introspection.ts';
import { type Fields, issueTokens } from './token-endpoint.ts';
import { accessTokenSeconds, connectIssuer } from './tokens.ts';

const largestBody = 64 * 1024;

/** The endpoints of OAuth and OpenID Connect for Connect applications. */
export const createConnect: CreateArea = (host) => {
  const app = new Hono<AreaEnv>();
  app.onError((error, c) => {
    if (!(error instanceof ApiError)) throw error;
    return c.json(error.body, error.status as ContentfulStatusCode, { 'cache-control': 'no-store' });
  });

  app.post(`${oauthPath}/token`, async (c) => {
    const { context, application, fields } = await clientOf(c, host);
    const key = await ensureSigningKey(context);
    const issued = host.database.write(() => issueTokens(context, application, fields));
    if (issued instanceof ApiError) throw issued;
    const sign = (claims: Claims) => signToken(claims, key);
    return c.json(
      {
        access_token: await sign(issued.access),
        token_type: 'bearer',
        expires_in: accessTokenSeconds,
        scope: issued.scopes.join(' '),
        ...(issued.identity === null ? {} : { id_token: await sign(issued.identity) }),
        ...(issued.refreshToken === null ? {} : { refresh_token: issued.refreshToken }),
      },
      200,
      { 'cache-control': 'no-store' },
    );
  });

  app.post(`${oauthPath}/introspection`, async (c) => {
    const { context, application, fields } = await clientOf(c, host);
    return c.json(await introspect(context, application, fields), 200, { 'cache-control': 'no-store' });
  });

  app.get(`${oauthPath}/userinfo`, async (c) => {
    const [, token = ''] = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
    return c.json(await userInfo(host, c.env, token), 200, { 'cache-control': 'no-store' });
  });

  for (const path of [
    `${oauthPath}/:client/.well-known/openid-configuration`,
    `${oauthPath}/:client/.well-known/oauth-authorization-server`,
    `/.well-known/oauth-authorization-server${oauthPath}/:client`,
  ]) {
    app.get(path, (c) => {
      const environment = environmentOfClient(host.database, c.req.param('client') ?? '');
      if (environment === null)
        throw new ApiError(404, { message: 'There is no such issuer.', code: 'not_found' });
      return c.json(metadata(contextOf(host, environment, c.env)));
    });
  }

  const pages = createPageApp(host, { leadsAway: true });
  pages.get(`${oauthPath}/authorize`, (c) => {
    const query = c.req.query();
    const application = applicationOfClient(host.database, query['client_id'] ?? '');
    if (application?.application_type !== 'oauth') {
      throw new PageError(
        400,
        'There is no such application',
        'The client_id is that of no OAuth application here.',
      );
    }
    const environment = { id: application.environment_id, client_id: application.environment_client_id };
    const location = host.database.write(() =>
      authorizeLocation(contextOf(host, environment, c.env), application, query),
    );
    return c.redirect(location, 303);
  });
  addConsent(pages, host);
  app.all('*', (c) => pages.fetch(c.req.raw, c.env));
  return app;
};

interface Client {
  readonly context: Context;
  readonly application: ApplicationRow;
  readonly fields: Fields;
}

/** @throws ApiError 401 `invalid_client` for a client that is none */
async function clientOf(c: HonoContext<AreaEnv>, host: PageHost): Promise<Client> {
  const fields = await fieldsOf(c);
  const application = applicationOfClient(host.database, fields['client_id'] ?? '');
  if (application === null) throw oauthError(401, 'invalid_client', 'The client id is not known here.');
  const environment = { id: application.environment_id, client_id: application.environment_client_id };
  return { context: contextOf(host, environment, c.env), application, fields };
}

/** The fields of a form or of JSON, and the client by HTTP Basic (RFC 6749, section 2.3.1). */
async function fieldsOf(c: HonoContext<AreaEnv>): Promise<Fields> {
  const text = await c.req.text();
  if (text.length > largestBody) throw oauthError(400, 'invalid_request', 'The body is too large.');
  const isJson = c.req.header('content-type')?.includes('json') === true;
  const value: unknown = isJson ? parseJson(text) : Object.fromEntries(new URLSearchParams(text));
  if (typeof value !== 'object' || value === null) {
    throw oauthError(400, 'invalid_request', 'The body is neither a form nor a JSON object.');
  }
  const fields = Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const [, basic] = /^Basic +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
  if (basic === undefined) return fields;
  const [id = '', ...secret] = Buffer.from(basic, 'base64').toString().split(':');
  return { ...fields, client_id: unescaped(id), client_secret: unescaped(secret.join(':')) };
}

function unescaped(text: string): string {
  return new URLSearchParams(`x=${text}`).get('x') ?? '';
}

/** RFC 8414, and OpenID Connect Discovery. */
function metadata(context: Context) {
  const { baseUrl, environment } = context;
  return {
    issuer: connectIssuer(context),
    authorization_endpoint: `${baseUrl}${oauthPath}/authorize`,
    token_endpoint: `${baseUrl}${oauthPath}/token`,
    introspection_endpoint: `${baseUrl}${oauthPath}/introspection`,
    userinfo_endpoint: `${baseUrl}${oauthPath}/userinfo`,
    jwks_uri: `${baseUrl}/sso/jwks/${environment.client_id}`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    scopes_supported: standardScopes,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    code_challenge_methods_supported: ['S256'],
  };
}
