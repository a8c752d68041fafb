import { invalidField } from '../../kit/errors.ts';
import { type Filter, listOf, listPage } from '../../kit/list.ts';
import type { Resource } from '../../operation.ts';
import { membershipBetween } from '../organization-memberships/organization-memberships.table.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { requireUser } from '../users/users.table.ts';
import type { ApiKeyRow } from './api-keys.table.ts';
import { createApiKey, serializeUserApiKey } from './api-keys.ts';

export const userApiKeys = {
  UserApiKeysController_list: (context, { path, query }) => {
    const user = requireUser(context, path.userId);
    const where: Filter[] = [['user_id = ?', user.id]];
    if (query.organization_id !== undefined) where.push(['organization_id = ?', query.organization_id]);
    const page = listPage<ApiKeyRow>(context, query, { table: 'api_keys', prefix: 'api_key_', where });
    return listOf(page, (row) => serializeUserApiKey(row, user.id));
  },

  UserApiKeysController_create: (context, { path, body }) => {
    const user = requireUser(context, path.userId);
    const organization = requireOrganization(context, body.organization_id);
    if (membershipBetween(context, organization.id, user.id)?.status !== 'active') {
      throw invalidField(
        'organization_id',
        'not_a_member',
        'The user has no active membership in this organization.',
      );
    }
    const { row, value } = createApiKey(context, {
      organizationId: organization.id,
      userId: user.id,
      name: body.name,
      permissions: body.permissions ?? [],
    });
    return { ...serializeUserApiKey(row, user.id), value };
  },
} satisfies Resource<'UserApiKeysController_list' | 'UserApiKeysController_create'>;
