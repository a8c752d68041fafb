import type { Context } from '../../kit/context.ts';
import { hashSecret } from '../../kit/environments.ts';
import { invalidField, notFound } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { listOf, listPage } from '../../kit/list.ts';
import { randomToken } from '../../kit/random.ts';
import type { Resource } from '../../operation.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import {
  type ApiKeyRow,
  apiKeyByHash,
  apiKeyById,
  apiKeysOfOrganization,
  apiKeysOfUser,
  deleteApiKeyRow,
  insertApiKey,
  touchApiKey,
} from './api-keys.table.ts';

export const apiKeys = {
  ApiKeysController_validateApiKey: (context, { body }) => {
    const row = apiKeyByHash(context, hashSecret(body.value));
    if (row === null) return { api_key: null };
    // A key that is shown to be checked is a key in use.
    touchApiKey(context, row.id, context.now);
    return { api_key: serializeApiKey({ ...row, last_used_at: context.now }) };
  },

  ApiKeysController_delete: (context, { path }) => {
    const row = apiKeyById(context, path.id);
    if (row === null) throw notFound('API key', path.id);
    revokeApiKey(context, row);
    return undefined;
  },

  OrganizationApiKeysController_list: (context, { path, query }) => {
    const organization = requireOrganization(context, path.organizationId);
    const page = listPage<ApiKeyRow>(context, query, {
      table: 'api_keys',
      prefix: 'api_key_',
      where: [['organization_id = ? AND user_id IS NULL', organization.id]],
    });
    return listOf(page, serializeOrganizationApiKey);
  },

  OrganizationApiKeysController_create: (context, { path, body }) => {
    const organization = requireOrganization(context, path.organizationId);
    const { row, value } = createApiKey(context, {
      organizationId: organization.id,
      userId: null,
      name: body.name,
      permissions: body.permissions ?? [],
    });
    return { ...serializeOrganizationApiKey(row), value };
  },
} satisfies Resource<
  | 'ApiKeysController_validateApiKey'
  | 'ApiKeysController_delete'
  | 'OrganizationApiKeysController_list'
  | 'OrganizationApiKeysController_create'
>;

export interface NewApiKey {
  readonly organizationId: string;
  readonly userId: string | null;
  readonly name: string;
  readonly permissions: readonly string[];
}

/** Makes a key. Its value is known here and to whoever is told it now; what is kept is its hash. */
export function createApiKey(
  context: Context,
  key: NewApiKey,
  value = `sk_${randomToken(context.random, 40)}`,
): { row: ApiKeyRow; value: string } {
  if (key.name.trim() === '') throw invalidField('name', 'required', 'name must not be empty.');
  const row: ApiKeyRow = {
    id: context.newId('api_key_'),
    organization_id: key.organizationId,
    user_id: key.userId,
    name: key.name,
    value_hash: hashSecret(value),
    obfuscated_value: `sk_...${value.slice(-4)}`,
    permissions: JSON.stringify([...new Set(key.permissions)]),
    last_used_at: null,
    created_at: context.now,
    updated_at: context.now,
  };
  insertApiKey(context, row);
  emit(context, 'api_key.created', serializeApiKey(row), row.organization_id);
  return { row, value };
}

/** Revokes every key of an organization that is about to go. */
export function revokeKeysOfOrganization(context: Context, organizationId: string): void {
  for (const row of apiKeysOfOrganization(context, organizationId)) revokeApiKey(context, row);
}

/** Revokes a user's keys: all when the user goes, or those for the organization the user leaves. */
export function revokeKeysOfUser(
  context: Context,
  userId: string,
  organizationId: string | null = null,
): void {
  for (const row of apiKeysOfUser(context, userId, organizationId)) revokeApiKey(context, row);
}

export function revokeApiKey(context: Context, row: ApiKeyRow): void {
  deleteApiKeyRow(context, row.id);
  emit(context, 'api_key.revoked', serializeApiKey(row), row.organization_id);
}

export function serializeApiKey(row: ApiKeyRow) {
  return row.user_id === null ? serializeOrganizationApiKey(row) : serializeUserApiKey(row, row.user_id);
}

export function serializeOrganizationApiKey(row: ApiKeyRow) {
  return { ...common(row), owner: { type: 'organization' as const, id: row.organization_id } };
}

export function serializeUserApiKey(row: ApiKeyRow, userId: string) {
  return {
    ...common(row),
    owner: { type: 'user' as const, id: userId, organization_id: row.organization_id },
  };
}

function common(row: ApiKeyRow) {
  return {
    object: 'api_key' as const,
    id: row.id,
    name: row.name,
    obfuscated_value: row.obfuscated_value,
    last_used_at: row.last_used_at,
    // Written by this server from a checked list.
    permissions: JSON.parse(row.permissions) as string[],
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
