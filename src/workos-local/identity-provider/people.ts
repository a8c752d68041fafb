import { createHash } from 'node:crypto';
import type { Context } from '../kit/context.ts';
import { emailKey } from '../kit/email-address.ts';
import type { ConnectionRow } from '../resources/connections/connections.table.ts';
import {
  groupsOfProfile,
  type Person,
  type ProfileRow,
  profilesOfConnection,
} from '../resources/sso/profiles.table.ts';

/** How many people the page offers: those at hand, not a directory. */
const mostOffered = 12;

/** Who may be picked at a connection's identity provider: who has signed in there before, and its members. */
export function peopleOf(context: Context, connection: ConnectionRow): Person[] {
  const known = profilesOfConnection(context, connection.id, mostOffered).map(personOfProfile);
  const emails = new Set(known.map(({ email }) => emailKey(email)));
  const members = membersOf(context, connection.organization_id)
    .filter(({ email }) => !emails.has(emailKey(email)))
    .map(({ email, first_name, last_name }) => ({
      idpId: idpIdOf(context, connection, email),
      email,
      firstName: first_name,
      lastName: last_name,
      groups: groupsInDirectory(context, connection, email),
    }));
  return [...known, ...members].slice(0, mostOffered);
}

/** Somebody typed in by their address: the same person each time. */
export function personOfEmail(
  context: Context,
  connection: ConnectionRow,
  typed: Omit<Person, 'idpId'> & { readonly idpId: string | null },
): Person {
  return { ...typed, idpId: typed.idpId ?? idpIdOf(context, connection, typed.email) };
}

export function personOfProfile(row: ProfileRow): Person {
  return {
    idpId: row.idp_id,
    email: row.email,
    firstName: row.first_name,
    lastName: row.last_name,
    groups: groupsOfProfile(row),
  };
}

interface Member {
  readonly email: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
}

function membersOf(context: Context, organizationId: string | null): Member[] {
  if (organizationId === null) return [];
  return context.database.all<Member>(
    `SELECT email, first_name, last_name FROM organization_memberships
     JOIN users ON users.id = user_id
     WHERE organization_id = ? AND status = 'active' ORDER BY organization_memberships.created_at LIMIT ?`,
    [organizationId, mostOffered],
  );
}

/** The id the provider has for an address: that of an earlier sign-in, of the directory, or one made of the address. */
function idpIdOf(context: Context, connection: ConnectionRow, email: string): string {
  const known = context.database.get<{ idp_id: string }>(
    'SELECT idp_id FROM sso_profiles WHERE connection_id = ? AND lower(email) = ? ORDER BY created_at, id',
    [connection.id, emailKey(email)],
  );
  return (
    known?.idp_id ??
    directoryUser(context, connection, email)?.idp_id ??
    createHash('sha256').update(emailKey(email)).digest('hex').slice(0, 20)
  );
}

function groupsInDirectory(context: Context, connection: ConnectionRow, email: string): string[] {
  const user = directoryUser(context, connection, email);
  if (user === null) return [];
  return context.database
    .all<{ name: string }>(
      `SELECT name FROM directory_group_members
       JOIN directory_groups ON directory_groups.id = directory_group_id
       WHERE directory_user_id = ? ORDER BY name`,
      [user.id],
    )
    .map(({ name }) => name);
}

function directoryUser(context: Context, connection: ConnectionRow, email: string) {
  if (connection.organization_id === null) return null;
  return context.database.get<{ id: string; idp_id: string }>(
    `SELECT id, idp_id FROM directory_users
     WHERE organization_id = ? AND lower(email) = ? AND is_deleted = 0 ORDER BY created_at, id`,
    [connection.organization_id, emailKey(email)],
  );
}
