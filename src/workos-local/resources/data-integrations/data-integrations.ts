import { minute, timestamp } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { ApiError, badRequest, notFound } from '../../kit/errors.ts';
import { randomToken } from '../../kit/random.ts';
import type { Resource } from '../../operation.ts';
import { membershipBetween } from '../organization-memberships/organization-memberships.table.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { requireUser } from '../users/users.table.ts';
import { insertAuthorization } from './authorizations.table.ts';
import { grantedScopesOf, missingScopesOf, serializeConnectedAccount, tokenOf } from './connected-account.ts';
import {
  type AccountOwner,
  type ConnectedAccountRow,
  connectedAccount,
  deleteConnectedAccount,
} from './connected-accounts.table.ts';
import { consentPath } from './consent-path.ts';
import {
  type DataProviderRow,
  dataProvidersOf,
  requestedScopesOf,
  requireDataProvider,
} from './data-providers.table.ts';

/** How long the way to the provider may take. */
const authorizationLifetime = 10 * minute;

export const dataIntegrations = {
  DataIntegrationsController_getDataIntegrationAuthorizeUrl: (context, { path, body }) => {
    const provider = requireDataProvider(context, path.slug);
    const owner = requireOwner(context, body.user_id, body.organization_id);
    const token = randomToken(context.random, 32);
    insertAuthorization(context, token, {
      ...owner,
      providerId: provider.id,
      returnTo: body.return_to === undefined ? null : webAddress(body.return_to),
      expiresAt: timestamp(context.time + authorizationLifetime),
    });
    return { url: `${context.baseUrl}${consentPath(token)}` };
  },

  DataIntegrationsController_getUserlandUserToken: (context, { path, body }) => {
    const provider = requireDataProvider(context, path.slug);
    const owner = requireOwner(context, body.user_id, body.organization_id);
    const token = tokenOf(context, provider, connectedAccount(context, provider.id, owner));
    if ('error' in token) return { active: false as const, error: token.error };
    const { row } = token;
    return {
      active: true as const,
      access_token: {
        object: 'access_token' as const,
        access_token: row.access_token,
        expires_at: row.access_token_expires_at,
        scopes: grantedScopesOf(row),
        missing_scopes: missingScopesOf(provider, row),
      },
    };
  },

  DataIntegrationsUserManagementController_getUserDataInstallation: (context, { path, query }) =>
    serializeConnectedAccount(requireAccount(context, path, query.organization_id)),

  DataIntegrationsUserManagementController_deleteUserDataInstallation: (context, { path, query }) => {
    deleteConnectedAccount(context, requireAccount(context, path, query.organization_id).id);
    return undefined;
  },

  DataIntegrationsUserManagementController_getUserDataIntegrations: (context, { path, query }) => {
    const owner = ownerOf(context, path.user_id, query.organization_id);
    return {
      object: 'list',
      data: dataProvidersOf(context).map((provider) => ({
        ...serializeDataProvider(provider),
        connected_account: accountOfProvider(connectedAccount(context, provider.id, owner)),
      })),
    };
  },
} satisfies Resource<
  | 'DataIntegrationsController_getDataIntegrationAuthorizeUrl'
  | 'DataIntegrationsController_getUserlandUserToken'
  | 'DataIntegrationsUserManagementController_getUserDataInstallation'
  | 'DataIntegrationsUserManagementController_deleteUserDataInstallation'
  | 'DataIntegrationsUserManagementController_getUserDataIntegrations'
>;

/** @throws ApiError 404 for a user or an organization that is not there, 403 for one the user is not in */
function requireOwner(context: Context, userId: string, organizationId: string | undefined): AccountOwner {
  const owner = ownerOf(context, userId, organizationId);
  if (owner.organizationId === null) return owner;
  if (membershipBetween(context, owner.organizationId, owner.userId)?.status !== 'active') {
    throw new ApiError(403, {
      message: 'The user has no active membership in this organization.',
      code: 'not_a_member',
    });
  }
  return owner;
}

function ownerOf(context: Context, userId: string, organizationId: string | undefined): AccountOwner {
  const user = requireUser(context, userId);
  return {
    userId: user.id,
    organizationId: organizationId === undefined ? null : requireOrganization(context, organizationId).id,
  };
}

function requireAccount(
  context: Context,
  path: { readonly user_id: string; readonly slug: string },
  organizationId: string | undefined,
): ConnectedAccountRow {
  const owner = ownerOf(context, path.user_id, organizationId);
  const provider = requireDataProvider(context, path.slug);
  const row = connectedAccount(context, provider.id, owner);
  if (row === null) throw notFound('Connected account', path.slug);
  return row;
}

/** The document asks for the names of its first days besides today's. */
function serializeDataProvider(row: DataProviderRow) {
  return {
    object: 'data_provider' as const,
    id: row.id,
    name: row.name,
    description: row.description,
    slug: row.slug,
    integration_type: row.slug,
    credentials_type: 'oauth2',
    scopes: requestedScopesOf(row),
    ownership: 'userland_user' as const,
    created_at: row.created_at,
    updated_at: row.updated_at,
    integrationType: row.slug,
    credentialsType: 'oauth2',
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function accountOfProvider(row: ConnectedAccountRow | null) {
  if (row === null) return null;
  return {
    ...serializeConnectedAccount(row),
    userlandUserId: row.user_id,
    organizationId: row.organization_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/**
 * Where the browser goes afterwards. Who names it has shown the API key, so any page of the web will do.
 *
 * @throws ApiError 400
 */
function webAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw badRequest('invalid_return_to', 'return_to must be an http or https address.');
  }
  return text;
}
