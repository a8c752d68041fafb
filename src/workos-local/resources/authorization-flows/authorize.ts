import type { Context } from '../../kit/context.ts';
import { environmentOfClient } from '../../kit/environments.ts';
import { oauthError } from '../../kit/errors.ts';
import { type OperationRequest, Redirect, type Resource } from '../../operation.ts';
import { organizationById } from '../organizations/organizations.table.ts';
import { isRedirectAllowed } from '../redirect-uris/redirect-uris.ts';
import { type ConnectionSelector, chooseConnection } from '../sso/choose-connection.ts';
import { beginFlow } from './flow.ts';

type Query = OperationRequest<'UserlandSsoController_authorize'>['query'];

/** The page for what cannot be told to the application, because nobody knows that it is one. */
const errorPage = '/authkit/error';

export const authorization = {
  UserlandSsoController_authorize: {
    environmentOf: (database, { query }) => {
      const environment = environmentOfClient(database, query.client_id);
      if (environment === null) throw oauthError(400, 'invalid_client', 'The client id is not known here.');
      return environment;
    },
    writes: true,
    prepare:
      async () =>
      (context, { query }) =>
        new Redirect(locationOf(context, query)),
  },
} satisfies Resource<'UserlandSsoController_authorize'>;

function locationOf(context: Context, query: Query): string {
  if (!isRedirectAllowed(context, query.redirect_uri)) {
    const said = new URLSearchParams({ error: 'redirect_uri_invalid', redirect_uri: query.redirect_uri });
    return `${errorPage}?${said.toString()}`;
  }
  const failure = problemOf(context, query);
  if (failure !== null) return backTo(query.redirect_uri, { ...failure, state: query.state ?? null });
  const chosen = query.provider === 'authkit' ? null : chooseConnection(context, selectorOf(query));
  if (chosen !== null && 'error' in chosen) {
    const { error, description } = chosen;
    return backTo(query.redirect_uri, { error, error_description: description, state: query.state ?? null });
  }
  return beginFlow(context, {
    target: {
      kind: 'application',
      redirectUri: query.redirect_uri,
      state: query.state ?? null,
      codeChallenge: query.code_challenge ?? null,
    },
    screen: query.screen_hint ?? 'sign-in',
    isForced: query.prompt === 'login',
    email: query.login_hint ?? null,
    organizationId: query.organization_id ?? null,
    invitationToken: query.invitation_token ?? null,
    connectionId: chosen?.id ?? null,
  });
}

/** What is wrong with a request whose redirect URI is right: the application is told there. */
function problemOf(context: Context, query: Query): Record<string, string> | null {
  if (query.organization_id !== undefined && organizationById(context, query.organization_id) === null) {
    return {
      error: 'organization_invalid',
      error_description: 'There is no organization with this organization_id.',
    };
  }
  if ((query.code_challenge === undefined) !== (query.code_challenge_method === undefined)) {
    return {
      error: 'invalid_request',
      error_description: 'code_challenge and code_challenge_method come together.',
    };
  }
  return null;
}

/** How the connection to an identity provider is named. */
function selectorOf(query: Query): ConnectionSelector {
  if (query.connection_id !== undefined) return { connection: query.connection_id };
  if (query.provider !== undefined && query.provider !== 'authkit') return { provider: query.provider };
  if (query.organization_id !== undefined) return { organization: query.organization_id };
  return query.domain_hint === undefined ? {} : { domain: query.domain_hint };
}

/** An application's redirect URI with what it is told; what is null is left out. */
export function backTo(redirectUri: string, told: Readonly<Record<string, string | null>>): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(told)) {
    if (value !== null) url.searchParams.set(name, value);
  }
  return url.href;
}
