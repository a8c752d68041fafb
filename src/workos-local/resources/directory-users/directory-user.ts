import { isUniqueViolation } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';
import { conflict } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import type { DirectoryRow } from '../directories/directories.table.ts';
import { removeMember, tellMember } from '../directory-groups/directory-group.ts';
import { groupsOfDirectoryUsers } from '../directory-groups/directory-groups.table.ts';
import { type Standing, stepDirectoryUser } from './directory-user.machine.ts';
import {
  type DirectoryUserRow,
  deleteDirectoryUserRow,
  insertDirectoryUser,
  updateDirectoryUser,
} from './directory-users.table.ts';
import { deprovision, provision } from './provision.ts';
import {
  type CustomAttributes,
  parseCustomAttributes,
  serializeDirectoryUser,
} from './served-directory-user.ts';

/** A user as a provider describes them. */
export interface ProvidedUser {
  /** The provider's own name for them; the directory's id of them where the provider has none. */
  readonly idpId: string | null;
  readonly username: string | null;
  readonly email: string | null;
  readonly active: boolean;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly name: string | null;
  readonly raw: object;
  readonly custom: CustomAttributes;
}

/** @throws ApiError 409 when the directory has a user of this idp id or user name */
export function addDirectoryUser(
  context: Context,
  directory: DirectoryRow,
  provided: ProvidedUser,
): DirectoryUserRow {
  const id = context.newId('directory_user_');
  const step = stepDirectoryUser(null, provided.active, directory.keeps_inactive_users === 1);
  const row: DirectoryUserRow = {
    id,
    scim_id: id,
    directory_id: directory.id,
    organization_id: directory.organization_id,
    ...described(provided, provided.idpId ?? id, step.next),
    version: 1,
    organization_membership_id: null,
    created_at: context.now,
    updated_at: context.now,
  };
  refusingDoubles(() => insertDirectoryUser(context, row));
  if (step.emit !== null) emit(context, step.emit, serializeDirectoryUser(row), row.organization_id);
  provision(context, row);
  return row;
}

/** @throws ApiError 409 when another user of the directory has this idp id or user name */
export function changeDirectoryUser(
  context: Context,
  directory: DirectoryRow,
  before: DirectoryUserRow,
  provided: ProvidedUser,
): DirectoryUserRow {
  const standing = standingOf(before);
  const step = stepDirectoryUser(standing, provided.active, directory.keeps_inactive_users === 1);
  const isBack = step.emit === 'dsync.user.created';
  const after: DirectoryUserRow = {
    ...before,
    ...described(provided, provided.idpId ?? before.idp_id, step.next),
    ...(isBack ? { id: context.newId('directory_user_'), created_at: context.now } : {}),
    version: before.version + 1,
    updated_at: context.now,
  };
  if (isSame(before, after)) {
    // It may have been told of before directories made members.
    provision(context, before);
    return before;
  }
  if (step.emit === 'dsync.user.deleted') tellGroups(context, 'dsync.group.user_removed', before);
  refusingDoubles(() => updateDirectoryUser(context, after));
  if (step.emit !== null) {
    const served = serializeDirectoryUser(after);
    const data =
      step.emit === 'dsync.user.updated'
        ? { ...served, previous_attributes: previousAttributes(before, after) }
        : served;
    emit(context, step.emit, data, after.organization_id);
  }
  if (isBack) tellGroups(context, 'dsync.group.user_added', after);
  provision(context, after);
  return after;
}

/** Takes a user out of the directory for good, and out of its groups first. */
export function removeDirectoryUser(context: Context, row: DirectoryUserRow): void {
  for (const group of groupsOf(context, row)) removeMember(context, group, row);
  deleteDirectoryUserRow(context, row.id);
  if (row.is_deleted === 1) return;
  emit(context, 'dsync.user.deleted', serializeDirectoryUser(row), row.organization_id);
  deprovision(context, row);
}

/** One who is switched off leaves their groups for the API alone: the provider goes on to see them there. */
function tellGroups(
  context: Context,
  event: 'dsync.group.user_added' | 'dsync.group.user_removed',
  row: DirectoryUserRow,
): void {
  for (const group of groupsOf(context, row)) tellMember(context, event, group, row);
}

function groupsOf(context: Context, row: DirectoryUserRow) {
  return groupsOfDirectoryUsers(context, [row.id]).get(row.id) ?? [];
}

function standingOf(row: DirectoryUserRow): Standing {
  if (row.is_deleted === 1) return 'gone';
  return row.state === 'active' ? 'on' : 'off';
}

function described(provided: ProvidedUser, idpId: string, standing: Standing) {
  return {
    idp_id: idpId,
    username: provided.username,
    username_key: provided.username?.toLowerCase() ?? null,
    email: provided.email,
    state: standing === 'on' ? ('active' as const) : ('inactive' as const),
    is_deleted: standing === 'gone' ? (1 as const) : (0 as const),
    first_name: provided.firstName,
    last_name: provided.lastName,
    name: provided.name,
    raw_attributes: JSON.stringify(provided.raw),
    custom_attributes: JSON.stringify(provided.custom),
  };
}

const compared = [
  'idp_id',
  'username',
  'email',
  'state',
  'is_deleted',
  'first_name',
  'last_name',
  'name',
  'raw_attributes',
  'custom_attributes',
] as const satisfies readonly (keyof DirectoryUserRow)[];

function isSame(before: DirectoryUserRow, after: DirectoryUserRow): boolean {
  return compared.every((name) => before[name] === after[name]);
}

/** What was different before: the user's own attributes, and the custom ones each; null for one that is new. */
function previousAttributes(before: DirectoryUserRow, after: DirectoryUserRow): Record<string, unknown> {
  const own = ['idp_id', 'username', 'email', 'state', 'first_name', 'last_name', 'name'] as const;
  const previous: Record<string, unknown> = {};
  for (const name of own) if (before[name] !== after[name]) previous[name] = before[name];
  const old = parseCustomAttributes(before);
  const current = parseCustomAttributes(after);
  const custom: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(old), ...Object.keys(current)])) {
    if (JSON.stringify(old[name]) !== JSON.stringify(current[name])) custom[name] = old[name] ?? null;
  }
  return Object.keys(custom).length === 0 ? previous : { ...previous, custom_attributes: custom };
}

function refusingDoubles(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw conflict('directory_user_exists', 'The directory has a user of this id or user name already.');
  }
}
