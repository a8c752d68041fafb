import type { Context } from '../../kit/context.ts';
import { type Filter, listPage } from '../../kit/list.ts';
import type { Resource } from '../../operation.ts';
import { requireDirectory } from '../directories/directories.table.ts';
import { serializeDirectoryGroup } from '../directory-groups/directory-group.ts';
import { groupsOfDirectoryUsers, requireDirectoryGroup } from '../directory-groups/directory-groups.table.ts';
import { type DirectoryUserRow, requireDirectoryUser } from './directory-users.table.ts';
import { oneOf } from './one-of.ts';
import { serializeDirectoryUser } from './served-directory-user.ts';

export const directoryUsers = {
  DirectoryUsersController_list: (context, { query }) => {
    oneOf('directory', query.directory, 'group', query.group);
    const where: Filter[] = [['is_deleted = 0']];
    if (query.directory !== undefined) {
      where.push(['directory_id = ?', requireDirectory(context, query.directory).id]);
    }
    if (query.group !== undefined) {
      where.push([
        'id IN (SELECT directory_user_id FROM directory_group_members WHERE directory_group_id = ?)',
        requireDirectoryGroup(context, query.group).id,
      ]);
    }
    const page = listPage<DirectoryUserRow>(context, query, {
      table: 'directory_users',
      prefix: 'directory_user_',
      where,
    });
    return { object: 'list', data: withGroups(context, page.rows), list_metadata: page.list_metadata };
  },

  DirectoryUsersController_find: (context, { path }) => {
    const row = requireDirectoryUser(context, path.id);
    return withTheirGroups(row, groupsOfDirectoryUsers(context, [row.id]));
  },
} satisfies Resource<'DirectoryUsersController_list' | 'DirectoryUsersController_find'>;

function withGroups(context: Context, rows: readonly DirectoryUserRow[]) {
  const groups = groupsOfDirectoryUsers(
    context,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => withTheirGroups(row, groups));
}

function withTheirGroups(row: DirectoryUserRow, groups: ReturnType<typeof groupsOfDirectoryUsers>) {
  return { ...serializeDirectoryUser(row), groups: (groups.get(row.id) ?? []).map(serializeDirectoryGroup) };
}
