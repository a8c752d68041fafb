import type { Context } from '../../kit/context.ts';
import { badRequest } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { parseMetadata } from '../../kit/metadata.ts';
import { type UserRow, unlinkOtherIdentities, updateUser } from './users.table.ts';

/** A user as the API serves it. */
export function serializeUser(row: UserRow) {
  return {
    object: 'user' as const,
    id: row.id,
    email: row.email,
    email_verified: row.email_verified === 1,
    name: row.name ?? joinedName(row),
    first_name: row.first_name,
    last_name: row.last_name,
    profile_picture_url: row.profile_picture_url,
    last_sign_in_at: row.last_sign_in_at,
    locale: row.locale,
    external_id: row.external_id,
    metadata: parseMetadata(row.metadata),
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/**
 * Keeps a changed user and tells of it; one that is the same as before stays untouched. Identities of another address
 * than the user's are unlinked: nobody has shown that they are the same person's.
 *
 * @throws ApiError 400 `email_not_available` or `external_id_already_used` when another user has them
 */
export function saveUser(context: Context, before: UserRow, changed: UserRow): UserRow {
  if (isSame(before, changed)) return before;
  const after = { ...changed, updated_at: context.now };
  const taken = updateUser(context, after);
  if (taken === 'external_id') {
    throw badRequest('external_id_already_used', 'Another user has this external id.');
  }
  if (taken === 'email') throw badRequest('email_not_available', 'Another user has this e-mail address.');
  if (after.email_key !== before.email_key) unlinkOtherIdentities(context, after);
  emit(context, 'user.updated', serializeUser(after));
  return after;
}

/** What a person is called in an e-mail. */
export function displayName(row: UserRow): string {
  return [row.name, joinedName(row)].find((name) => name !== null && name.trim() !== '') ?? row.email;
}

function joinedName({ first_name, last_name }: UserRow): string | null {
  const parts = [first_name, last_name].filter((part) => part !== null && part !== '');
  return parts.length === 0 ? null : parts.join(' ');
}

function isSame(before: UserRow, after: UserRow): boolean {
  const names = Object.keys(before) as (keyof UserRow)[];
  return names.every((name) => before[name] === after[name]);
}
