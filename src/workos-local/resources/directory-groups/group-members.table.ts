import type { Context } from '../../kit/context.ts';
import type { DirectoryUserRow } from '../directory-users/directory-users.table.ts';

/** @returns false when the user was in the group already */
export function putMember(context: Context, groupId: string, userId: string): boolean {
  const added = context.database.run(
    'INSERT OR IGNORE INTO directory_group_members (directory_group_id, directory_user_id) VALUES (?, ?)',
    [groupId, userId],
  );
  return added > 0;
}

/** @returns false when the user was not in the group */
export function takeMember(context: Context, groupId: string, userId: string): boolean {
  const removed = context.database.run(
    'DELETE FROM directory_group_members WHERE directory_group_id = ? AND directory_user_id = ?',
    [groupId, userId],
  );
  return removed > 0;
}

/** Everybody in a group, those too whom their provider has switched off. */
export function membersOfGroup(context: Context, groupId: string): DirectoryUserRow[] {
  return context.database.all<DirectoryUserRow>(
    `SELECT directory_users.* FROM directory_group_members
     JOIN directory_users ON directory_users.id = directory_user_id
     WHERE directory_group_id = ? ORDER BY created_at, id`,
    [groupId],
  );
}
