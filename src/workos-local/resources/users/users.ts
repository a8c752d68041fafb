import type { Context } from '../../kit/context.ts';
import { emailKey, isEmailAddress } from '../../kit/email-address.ts';
import { type ApiError, badRequest, invalidField, notFound } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { type Filter, listOf, listPage } from '../../kit/list.ts';
import { mergeMetadata, parseMetadata } from '../../kit/metadata.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { revokeKeysOfUser } from '../api-keys/api-keys.ts';
import { removeMembershipsOfUser } from '../organization-memberships/organization-memberships.ts';
import { passwordOf, type StoredPassword } from './password.ts';
import { saveUser, serializeUser } from './user.ts';
import {
  deleteUserRow,
  identitiesOf,
  insertUser,
  requireUser,
  type UserRow,
  userByExternalId,
} from './users.table.ts';

export const users = {
  'UserlandUsersController_list[0]': (context, { query }) => {
    const where: Filter[] = [];
    if (query.email !== undefined) where.push(['email_key = ?', emailKey(query.email)]);
    for (const organizationId of [query.organization_id, query.organization]) {
      if (organizationId === undefined) continue;
      where.push([
        `EXISTS (SELECT 1 FROM organization_memberships AS has
                 WHERE has.organization_id = ? AND has.user_id = users.id AND has.status = 'active')`,
        organizationId,
      ]);
    }
    const page = listPage<UserRow>(context, query, { table: 'users', prefix: 'user_', where });
    return listOf(page, serializeUser);
  },

  'UserlandUsersController_create[0]': {
    prepare: async ({ body }) => {
      const password = await passwordOf(body);
      return (context) => createUser(context, body, password);
    },
  },

  'UserlandUsersController_get[0]': (context, { path }) => serializeUser(requireUser(context, path.id)),

  UserlandUsersController_getByExternalId: (context, { path }) => {
    const row = userByExternalId(context, path.external_id);
    if (row === null) throw notFound('User', path.external_id);
    return serializeUser(row);
  },

  'UserlandUsersController_update[0]': {
    prepare: async ({ body }) => {
      const password = await passwordOf(body);
      return (context, { path }) => {
        const before = requireUser(context, path.id);
        return serializeUser(saveUser(context, before, changedUser(before, body, password)));
      };
    },
  },

  'UserlandUsersController_delete[0]': (context, { path }) => {
    const row = requireUser(context, path.id);
    removeMembershipsOfUser(context, row.id);
    revokeKeysOfUser(context, row.id);
    deleteUserRow(context, row.id);
    emit(context, 'user.deleted', serializeUser(row));
    return undefined;
  },

  UserlandUserIdentitiesController_get: (context, { path }) =>
    identitiesOf(context, requireUser(context, path.id).id),
} satisfies Resource<
  | 'UserlandUsersController_list[0]'
  | 'UserlandUsersController_create[0]'
  | 'UserlandUsersController_get[0]'
  | 'UserlandUsersController_getByExternalId'
  | 'UserlandUsersController_update[0]'
  | 'UserlandUsersController_delete[0]'
  | 'UserlandUserIdentitiesController_get'
>;

/** What a user is made from. The password comes beside it, in the form in which it is kept. */
export type NewUser = Omit<
  OperationRequest<'UserlandUsersController_create[0]'>['body'],
  'password' | 'password_hash' | 'password_hash_type'
>;

type UserChanges = OperationRequest<'UserlandUsersController_update[0]'>['body'];

/**
 * Makes a user, and its event.
 *
 * @throws ApiError 400 `user_creation_error` when the address is none, or another user has it or the external id
 */
export function createUser(
  context: Context,
  body: NewUser,
  password: StoredPassword | null = null,
  id = context.newId('user_'),
): ReturnType<typeof serializeUser> {
  if (!isEmailAddress(body.email)) throw creationError('invalid_email', 'email is no e-mail address.');
  const row: UserRow = {
    id,
    email: body.email,
    email_key: emailKey(body.email),
    email_verified: body.email_verified === true ? 1 : 0,
    name: fullName(body) ?? null,
    first_name: body.first_name ?? null,
    last_name: body.last_name ?? null,
    profile_picture_url: null,
    locale: null,
    external_id: body.external_id ?? null,
    metadata: JSON.stringify(mergeMetadata({}, body.metadata)),
    password_hash: password?.hash ?? null,
    password_hash_type: password?.type ?? null,
    last_sign_in_at: null,
    created_at: context.now,
    updated_at: context.now,
  };
  const taken = insertUser(context, row);
  if (taken === 'email') {
    throw creationError('email_not_available', 'Another user has this e-mail address.');
  }
  if (taken === 'external_id') {
    throw creationError('external_id_already_used', 'Another user has this external id.');
  }
  const served = serializeUser(row);
  emit(context, 'user.created', served);
  return served;
}

function changedUser(before: UserRow, body: UserChanges, password: StoredPassword | null): UserRow {
  const name = fullName(body);
  const email = body.email ?? before.email;
  if (!isEmailAddress(email)) throw badRequest('invalid_email', 'email is no e-mail address.');
  const key = emailKey(email);
  // Nobody has shown that a new address is the user's.
  const stillVerified = key === before.email_key ? before.email_verified : 0;
  return {
    ...before,
    email,
    email_key: key,
    email_verified: body.email_verified === undefined ? stillVerified : body.email_verified ? 1 : 0,
    name: name === undefined ? before.name : name,
    first_name: body.first_name ?? before.first_name,
    last_name: body.last_name ?? before.last_name,
    locale: body.locale === undefined ? before.locale : localeOf(body.locale),
    external_id: body.external_id === undefined ? before.external_id : body.external_id,
    metadata: JSON.stringify(mergeMetadata(parseMetadata(before.metadata), body.metadata)),
    password_hash: password?.hash ?? before.password_hash,
    password_hash_type: password?.type ?? before.password_hash_type,
  };
}

/** The newest SDK sends a full name, which the document does not have yet, so nobody has checked it before. */
function fullName(body: object): string | null | undefined {
  if (!('name' in body) || body.name === undefined) return undefined;
  if (body.name === null || typeof body.name === 'string') return body.name;
  throw invalidField('name', 'invalid_type', 'name must be a string or null.');
}

function localeOf(locale: string | null): string | null {
  if (locale === null) return null;
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? null;
  } catch {
    throw badRequest('invalid_locale', 'locale is no language tag.');
  }
}

function creationError(code: string, message: string): ApiError {
  return badRequest('user_creation_error', 'The user could not be created.', { errors: [{ code, message }] });
}
