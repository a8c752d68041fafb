import { isUniqueViolation } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';
import { conflict } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import type { DirectoryRow } from '../directories/directories.table.ts';
import type { DirectoryUserRow } from '../directory-users/directory-users.table.ts';
import { serializeDirectoryUser } from '../directory-users/served-directory-user.ts';
import {
  countGroupVersion,
  type DirectoryGroupRow,
  deleteDirectoryGroupRow,
  insertDirectoryGroup,
  updateDirectoryGroup,
} from './directory-groups.table.ts';
import { membersOfGroup, putMember, takeMember } from './group-members.table.ts';

/** A group as a provider describes it. */
export interface ProvidedGroup {
  /** The provider's own name for it; the directory's id of it where the provider has none. */
  readonly idpId: string | null;
  readonly name: string;
  readonly raw: object;
}

/** @throws ApiError 409 when the directory has a group of this idp id */
export function addDirectoryGroup(
  context: Context,
  directory: DirectoryRow,
  provided: ProvidedGroup,
): DirectoryGroupRow {
  const id = context.newId('directory_group_');
  const row: DirectoryGroupRow = {
    id,
    directory_id: directory.id,
    organization_id: directory.organization_id,
    idp_id: provided.idpId ?? id,
    name: provided.name,
    raw_attributes: JSON.stringify(provided.raw),
    version: 1,
    created_at: context.now,
    updated_at: context.now,
  };
  refusingDoubles(() => insertDirectoryGroup(context, row));
  emit(context, 'dsync.group.created', serializeDirectoryGroup(row), row.organization_id);
  return row;
}

/** @throws ApiError 409 when another group of the directory has this idp id */
export function changeDirectoryGroup(
  context: Context,
  before: DirectoryGroupRow,
  provided: ProvidedGroup,
): DirectoryGroupRow {
  const raw = JSON.stringify(provided.raw);
  const idpId = provided.idpId ?? before.idp_id;
  if (raw === before.raw_attributes && provided.name === before.name && idpId === before.idp_id)
    return before;
  const after: DirectoryGroupRow = {
    ...before,
    idp_id: idpId,
    name: provided.name,
    raw_attributes: raw,
    version: before.version + 1,
    updated_at: context.now,
  };
  refusingDoubles(() => updateDirectoryGroup(context, after));
  const previous = {
    ...(after.name === before.name ? {} : { name: before.name }),
    ...(after.idp_id === before.idp_id ? {} : { idp_id: before.idp_id }),
  };
  const data = { ...serializeDirectoryGroup(after), previous_attributes: previous };
  emit(context, 'dsync.group.updated', data, after.organization_id);
  return after;
}

/** Deletes a group. Its members' leaving is told by that alone. */
export function removeDirectoryGroup(context: Context, row: DirectoryGroupRow): void {
  deleteDirectoryGroupRow(context, row.id);
  emit(context, 'dsync.group.deleted', serializeDirectoryGroup(row), row.organization_id);
}

/** Makes a group's members these, and tells who came and who left. */
export function setMembers(
  context: Context,
  group: DirectoryGroupRow,
  members: readonly DirectoryUserRow[],
): void {
  const wanted = new Map(members.map((member) => [member.id, member]));
  const present = new Map(membersOfGroup(context, group.id).map((member) => [member.id, member]));
  for (const [id, member] of present) if (!wanted.has(id)) removeMember(context, group, member);
  for (const [id, member] of wanted) if (!present.has(id)) addMember(context, group, member);
}

export function addMember(context: Context, group: DirectoryGroupRow, member: DirectoryUserRow): void {
  if (!putMember(context, group.id, member.id)) return;
  countGroupVersion(context, group.id);
  if (member.is_deleted === 0) tellMember(context, 'dsync.group.user_added', group, member);
}

export function removeMember(context: Context, group: DirectoryGroupRow, member: DirectoryUserRow): void {
  if (!takeMember(context, group.id, member.id)) return;
  countGroupVersion(context, group.id);
  if (member.is_deleted === 0) tellMember(context, 'dsync.group.user_removed', group, member);
}

export function tellMember(
  context: Context,
  event: 'dsync.group.user_added' | 'dsync.group.user_removed',
  group: DirectoryGroupRow,
  member: DirectoryUserRow,
): void {
  const data = {
    directory_id: group.directory_id,
    user: serializeDirectoryUser(member),
    group: serializeDirectoryGroup(group),
  };
  emit(context, event, data, group.organization_id);
}

export function serializeDirectoryGroup(row: DirectoryGroupRow) {
  return {
    object: 'directory_group' as const,
    id: row.id,
    idp_id: row.idp_id,
    directory_id: row.directory_id,
    organization_id: row.organization_id,
    name: row.name,
    // Written by this server from an object.
    raw_attributes: JSON.parse(row.raw_attributes) as Record<string, unknown>,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

function refusingDoubles(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw conflict('directory_group_exists', 'The directory has a group of this id already.');
  }
}
