import { Schemas, Types } from 'scimmy';
import type { Context } from '../kit/context.ts';
import type { DirectoryRow } from '../resources/directories/directories.table.ts';
import {
  addDirectoryGroup,
  changeDirectoryGroup,
  removeDirectoryGroup,
  setMembers,
} from '../resources/directory-groups/directory-group.ts';
import {
  type DirectoryGroupRow,
  directoryGroupIn,
  groupsOfDirectory,
  groupsOfDirectoryUsers,
} from '../resources/directory-groups/directory-groups.table.ts';
import { membersOfGroup } from '../resources/directory-groups/group-members.table.ts';
import {
  addDirectoryUser,
  changeDirectoryUser,
  removeDirectoryUser,
} from '../resources/directory-users/directory-user.ts';
import {
  type DirectoryUserRow,
  directoryUserIn,
  usersOfDirectory,
} from '../resources/directory-users/directory-users.table.ts';
import { providedGroup, type ScimGroup, scimGroup } from './scim-group.ts';
import { providedUser, type ScimUser, scimUser } from './scim-user.ts';

/** A kind of resource a directory has at its SCIM endpoint: how its rows become resources and back. */
export interface ScimKind<Row extends Versioned = Versioned> {
  readonly endpoint: '/Users' | '/Groups';
  readonly Schema: typeof Schemas.User | typeof Schemas.Group;
  find(context: Context, directory: DirectoryRow, id: string): Row | null;
  /** All of the directory's, or those an equation of the filter leaves, oldest first. */
  all(context: Context, directory: DirectoryRow, equation: Equation | null): Row[];
  /** The row as a resource of SCIM. */
  resource(context: Context, row: Row): { readonly id: string };
  add(context: Context, directory: DirectoryRow, resource: object): Row;
  change(context: Context, directory: DirectoryRow, row: Row, resource: object): Row;
  remove(context: Context, row: Row): void;
}

export interface Versioned {
  readonly version: number;
}

/** What most filters are: `userName eq "ada"`. */
export interface Equation {
  readonly attribute: string;
  readonly value: string;
}

export const scimUsers: ScimKind<DirectoryUserRow> = {
  endpoint: '/Users',
  Schema: Schemas.User,
  find: (context, directory, id) => directoryUserIn(context, directory.id, { scimId: id }),
  all(context, directory, equation) {
    const by =
      equation?.attribute === 'userName'
        ? { username: equation.value }
        : equation?.attribute === 'id'
          ? { scimId: equation.value }
          : null;
    if (by === null) return usersOfDirectory(context, directory.id);
    const row = directoryUserIn(context, directory.id, by);
    return row === null ? [] : [row];
  },
  resource(context, row) {
    const groups = groupsOfDirectoryUsers(context, [row.id]).get(row.id) ?? [];
    return scimUser(
      row,
      groups.map(({ id, name }) => ({ value: id, display: name })),
    );
  },
  add: (context, directory, resource) =>
    addDirectoryUser(context, directory, providedUser(resource as ScimUser)),
  change: (context, directory, row, resource) =>
    changeDirectoryUser(context, directory, row, providedUser(resource as ScimUser)),
  remove: removeDirectoryUser,
};

export const scimGroups: ScimKind<DirectoryGroupRow> = {
  endpoint: '/Groups',
  Schema: Schemas.Group,
  find: (context, directory, id) => directoryGroupIn(context, directory.id, { id }),
  all: (context, directory) => groupsOfDirectory(context, directory.id),
  resource: (context, row) => scimGroup(row, membersOfGroup(context, row.id)),
  add(context, directory, resource) {
    const group = resource as ScimGroup;
    const row = addDirectoryGroup(context, directory, providedGroup(group));
    setMembers(context, row, membersOf(context, directory, group));
    return scimGroups.find(context, directory, row.id) ?? row;
  },
  change(context, directory, row, resource) {
    const group = resource as ScimGroup;
    changeDirectoryGroup(context, row, providedGroup(group));
    setMembers(context, row, membersOf(context, directory, group));
    return scimGroups.find(context, directory, row.id) ?? row;
  },
  remove: removeDirectoryGroup,
};

/** @throws SCIMError 400 when somebody named is not in the directory */
function membersOf(context: Context, directory: DirectoryRow, group: ScimGroup): DirectoryUserRow[] {
  return (group.members ?? []).map(({ value = '' }) => {
    const row = directoryUserIn(context, directory.id, { scimId: value });
    if (row === null) {
      throw new Types.Error(400, 'invalidValue', `The directory has no user '${value}' to be a member.`);
    }
    return row;
  });
}
