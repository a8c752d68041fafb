import type { Context } from '../kit/context.ts';
import { type DirectoryRow, requireDirectory } from '../resources/directories/directories.table.ts';
import { addDirectoryGroup, addMember, removeMember } from '../resources/directory-groups/directory-group.ts';
import {
  type DirectoryGroupRow,
  directoryGroupIn,
  groupsOfDirectoryUsers,
} from '../resources/directory-groups/directory-groups.table.ts';
import { addDirectoryUser, changeDirectoryUser } from '../resources/directory-users/directory-user.ts';
import {
  type DirectoryUserRow,
  directoryUserIn,
} from '../resources/directory-users/directory-users.table.ts';
import { providedUser } from '../scim/scim-user.ts';
import { type ImportedPerson, parsePeople } from './people-file.ts';

/** What an import has changed. */
export interface DirectoryImport {
  readonly directory_id: string;
  readonly users: { readonly created: number; readonly updated: number; readonly unchanged: number };
  readonly groups: { readonly created: number };
  readonly memberships: { readonly added: number; readonly removed: number };
}

/**
 * Brings the people of a CSV file into a directory, as its provider would: who is new is added, who is known is
 * changed, and their groups become those of the file where it has a `groups` column. Nobody is removed for being
 * left out; `active` `false` switches somebody off. Use it inside a transaction.
 *
 * @param csvText with a header line; the columns are those of people-file.ts
 * @throws ApiError 404 when there is no such directory, 422 with every problem of the file and its line
 */
export function importDirectory(context: Context, directoryId: string, csvText: string): DirectoryImport {
  const directory = requireDirectory(context, directoryId);
  const counts = { created: 0, updated: 0, unchanged: 0, groups: 0, added: 0, removed: 0 };
  for (const person of parsePeople(csvText)) {
    const { row, outcome } = importPerson(context, directory, person);
    counts[outcome] += 1;
    if (person.groups === null) continue;
    const wanted = person.groups.map((name) => {
      const known = directoryGroupIn(context, directory.id, { name });
      if (known !== null) return known;
      counts.groups += 1;
      const group = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: name };
      return addDirectoryGroup(context, directory, { idpId: name, name, raw: group });
    });
    const { added, removed } = joinGroups(context, row, wanted);
    counts.added += added;
    counts.removed += removed;
  }
  return {
    directory_id: directory.id,
    users: { created: counts.created, updated: counts.updated, unchanged: counts.unchanged },
    groups: { created: counts.groups },
    memberships: { added: counts.added, removed: counts.removed },
  };
}

function importPerson(
  context: Context,
  directory: DirectoryRow,
  person: ImportedPerson,
): { row: DirectoryUserRow; outcome: 'created' | 'updated' | 'unchanged' } {
  const provided = providedUser(person.user);
  const known =
    (provided.idpId === null ? null : directoryUserIn(context, directory.id, { idpId: provided.idpId })) ??
    directoryUserIn(context, directory.id, { username: person.user.userName });
  if (known === null) return { row: addDirectoryUser(context, directory, provided), outcome: 'created' };
  const row = changeDirectoryUser(context, directory, known, provided);
  return { row, outcome: row === known ? 'unchanged' : 'updated' };
}

function joinGroups(context: Context, row: DirectoryUserRow, wanted: readonly DirectoryGroupRow[]) {
  const present = groupsOfDirectoryUsers(context, [row.id]).get(row.id) ?? [];
  const left = present.filter(({ id }) => !wanted.some((group) => group.id === id));
  const joined = wanted.filter(({ id }) => !present.some((group) => group.id === id));
  for (const group of left) removeMember(context, group, row);
  for (const group of joined) addMember(context, group, row);
  return { added: joined.length, removed: left.length };
}
