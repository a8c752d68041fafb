import { isUniqueViolation } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';
import { emailKey } from '../../kit/email-address.ts';
import { notFound } from '../../kit/errors.ts';
import type { Reply } from '../../operation.ts';
import type { PasswordHashType } from './password.ts';

export interface UserRow {
  readonly id: string;
  readonly email: string;
  readonly email_key: string;
  readonly email_verified: 0 | 1;
  readonly name: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly profile_picture_url: string | null;
  readonly locale: string | null;
  readonly external_id: string | null;
  /** JSON. */
  readonly metadata: string;
  readonly password_hash: string | null;
  readonly password_hash_type: PasswordHashType | null;
  readonly last_sign_in_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** What must be one user's alone. */
export type Unique = 'email' | 'external_id';

/** @returns what another user has already; null when the user is kept */
export function insertUser(context: Context, row: UserRow): Unique | null {
  return refusingDoubles(context, row, () =>
    context.database.run(
      `INSERT INTO users (email, email_key, email_verified, name, first_name, last_name, profile_picture_url, locale,
         external_id, metadata, password_hash, password_hash_type, last_sign_in_at, updated_at, created_at, id,
         environment_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [...changeable(row), row.created_at, row.id, context.environment.id],
    ),
  );
}

/** @returns what another user has already; null when the change is kept */
export function updateUser(context: Context, row: UserRow): Unique | null {
  return refusingDoubles(context, row, () =>
    context.database.run(
      `UPDATE users SET email = ?, email_key = ?, email_verified = ?, name = ?, first_name = ?, last_name = ?,
         profile_picture_url = ?, locale = ?, external_id = ?, metadata = ?, password_hash = ?,
         password_hash_type = ?, last_sign_in_at = ?, updated_at = ?
       WHERE id = ?`,
      [...changeable(row), row.id],
    ),
  );
}

export function deleteUserRow(context: Context, id: string): void {
  context.database.run('DELETE FROM users WHERE id = ?', [id]);
}

export function userById(context: Context, id: string): UserRow | null {
  return context.database.get<UserRow>(`${select} AND id = ?`, [context.environment.id, id]);
}

/** @throws ApiError 404 */
export function requireUser(context: Context, id: string): UserRow {
  const row = userById(context, id);
  if (row === null) throw notFound('User', id);
  return row;
}

export function userByEmail(context: Context, email: string): UserRow | null {
  return context.database.get<UserRow>(`${select} AND email_key = ?`, [
    context.environment.id,
    emailKey(email),
  ]);
}

export function userByExternalId(context: Context, externalId: string): UserRow | null {
  return context.database.get<UserRow>(`${select} AND external_id = ?`, [context.environment.id, externalId]);
}

/** Several users with one statement, by id. */
export function usersByIds(context: Context, ids: readonly string[]): Map<string, UserRow> {
  // The plus keeps SQLite from reading the whole environment by one of its indexes: it cannot know how few ids these are.
  const rows = context.database.all<UserRow>(
    `SELECT ${columns} FROM users WHERE +environment_id = ? AND id IN (SELECT value FROM json_each(?))`,
    [context.environment.id, JSON.stringify(ids)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

type Identity = Reply<'UserlandUserIdentitiesController_get'>[number];

export function identitiesOf(context: Context, userId: string): Identity[] {
  return context.database.all<Identity>(
    `SELECT idp_id, 'OAuth' AS type, provider FROM user_identities WHERE user_id = ? ORDER BY created_at, id`,
    [userId],
  );
}

/** The user whose account at a provider it is. */
export function userByIdentity(
  context: Context,
  provider: Identity['provider'],
  idpId: string,
): UserRow | null {
  return context.database.get<UserRow>(
    `${select} AND id = (SELECT user_id FROM user_identities WHERE environment_id = ? AND provider = ? AND idp_id = ?)`,
    [context.environment.id, context.environment.id, provider, idpId],
  );
}

/** Links the account a user has at a provider. One that is linked already stays with the user it is linked to. */
export function linkIdentity(
  context: Context,
  user: UserRow,
  identity: { readonly provider: Identity['provider']; readonly idpId: string; readonly email: string },
): void {
  context.database.run(
    `INSERT INTO user_identities (id, environment_id, user_id, provider, idp_id, email_key, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    [
      context.newId('identity_'),
      context.environment.id,
      user.id,
      identity.provider,
      identity.idpId,
      emailKey(identity.email),
      context.now,
    ],
  );
}

export function unlinkOtherIdentities(context: Context, user: UserRow): void {
  context.database.run('DELETE FROM user_identities WHERE user_id = ? AND email_key <> ?', [
    user.id,
    user.email_key,
  ]);
}

const columns = `id, email, email_key, email_verified, name, first_name, last_name, profile_picture_url, locale,
  external_id, metadata, password_hash, password_hash_type, last_sign_in_at, created_at, updated_at`;
const select = `SELECT ${columns} FROM users WHERE environment_id = ?`;

function changeable(row: UserRow) {
  return [
    row.email,
    row.email_key,
    row.email_verified,
    row.name,
    row.first_name,
    row.last_name,
    row.profile_picture_url,
    row.locale,
    row.external_id,
    row.metadata,
    row.password_hash,
    row.password_hash_type,
    row.last_sign_in_at,
    row.updated_at,
  ];
}

/** The database holds the uniqueness; which of the two is taken is looked up only once it has refused. */
function refusingDoubles(context: Context, row: UserRow, write: () => void): Unique | null {
  try {
    write();
    return null;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const holder = userByEmail(context, row.email);
    return holder !== null && holder.id !== row.id ? 'email' : 'external_id';
  }
}
