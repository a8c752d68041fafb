import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';

/** Somebody as a connection's identity provider knows them. */
export interface ProfileRow {
  readonly id: string;
  readonly connection_id: string;
  readonly idp_id: string;
  readonly email: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  /** JSON: names. */
  readonly groups: string;
  /** JSON. */
  readonly custom_attributes: string;
  /** JSON. */
  readonly raw_attributes: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** Somebody as the provider describes them when they sign in. */
export interface Person {
  readonly idpId: string;
  readonly email: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly groups: readonly string[];
}

/** The profile of somebody who has signed in: the one they had before, or a new one. */
export function putProfile(context: Context, connectionId: string, person: Person): ProfileRow {
  const before = profileOfPerson(context, connectionId, person.idpId);
  const row: ProfileRow = {
    id: before?.id ?? context.newId('prof_'),
    connection_id: connectionId,
    idp_id: person.idpId,
    email: person.email,
    first_name: person.firstName,
    last_name: person.lastName,
    groups: JSON.stringify(person.groups),
    custom_attributes: '{}',
    raw_attributes: JSON.stringify({
      id: person.idpId,
      email: person.email,
      first_name: person.firstName,
      last_name: person.lastName,
      groups: person.groups,
    }),
    created_at: before?.created_at ?? context.now,
    updated_at: context.now,
  };
  context.database.run(
    `INSERT INTO sso_profiles (id, environment_id, connection_id, idp_id, email, first_name, last_name, groups,
       custom_attributes, raw_attributes, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET email = excluded.email, first_name = excluded.first_name,
       last_name = excluded.last_name, groups = excluded.groups, raw_attributes = excluded.raw_attributes,
       updated_at = excluded.updated_at`,
    [
      row.id,
      context.environment.id,
      row.connection_id,
      row.idp_id,
      row.email,
      row.first_name,
      row.last_name,
      row.groups,
      row.custom_attributes,
      row.raw_attributes,
      row.created_at,
      row.updated_at,
    ],
  );
  return row;
}

/** @throws ApiError 404 */
export function requireProfile(context: Context, id: string): ProfileRow {
  const row = context.database.get<ProfileRow>(
    'SELECT * FROM sso_profiles WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
  if (row === null) throw notFound('Profile', id);
  return row;
}

export function profileOfPerson(context: Context, connectionId: string, idpId: string): ProfileRow | null {
  return context.database.get<ProfileRow>(
    'SELECT * FROM sso_profiles WHERE connection_id = ? AND idp_id = ?',
    [connectionId, idpId],
  );
}

/** Who has signed in by a connection, the latest first. */
export function profilesOfConnection(context: Context, connectionId: string, limit: number): ProfileRow[] {
  return context.database.all<ProfileRow>(
    'SELECT * FROM sso_profiles WHERE connection_id = ? ORDER BY updated_at DESC, id LIMIT ?',
    [connectionId, limit],
  );
}

export function groupsOfProfile(row: ProfileRow): string[] {
  // Written by this server from a list.
  return JSON.parse(row.groups) as string[];
}
