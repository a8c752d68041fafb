import { type Filter, listOf, listPage } from '../../kit/list.ts';
import type { Resource } from '../../operation.ts';
import { requireDirectory } from '../directories/directories.table.ts';
import { requireDirectoryUser } from '../directory-users/directory-users.table.ts';
import { oneOf } from '../directory-users/one-of.ts';
import { serializeDirectoryGroup } from './directory-group.ts';
import { type DirectoryGroupRow, requireDirectoryGroup } from './directory-groups.table.ts';

export const directoryGroups = {
  DirectoryGroupsController_list: (context, { query }) => {
    oneOf('directory', query.directory, 'user', query.user);
    const where: Filter[] = [];
    if (query.directory !== undefined) {
      where.push(['directory_id = ?', requireDirectory(context, query.directory).id]);
    }
    if (query.user !== undefined) {
      where.push([
        'id IN (SELECT directory_group_id FROM directory_group_members WHERE directory_user_id = ?)',
        requireDirectoryUser(context, query.user).id,
      ]);
    }
    const page = listPage<DirectoryGroupRow>(context, query, {
      table: 'directory_groups',
      prefix: 'directory_group_',
      where,
    });
    return listOf(page, serializeDirectoryGroup);
  },

  DirectoryGroupsController_find: (context, { path }) =>
    serializeDirectoryGroup(requireDirectoryGroup(context, path.id)),
} satisfies Resource<'DirectoryGroupsController_list' | 'DirectoryGroupsController_find'>;
