import type { Context } from '../../kit/context.ts';
import type { Filter } from '../../kit/list.ts';
import type { GroupRow } from './groups.table.ts';

/** @returns false when it was a member already */
export function insertMember(context: Context, groupId: string, membershipId: string): boolean {
  const changes = context.database.run(
    `INSERT INTO group_members (group_id, organization_membership_id, created_at) VALUES (?, ?, ?)
     ON CONFLICT DO NOTHING`,
    [groupId, membershipId, context.now],
  );
  return changes === 1;
}

/** @returns false when it was no member */
export function deleteMember(context: Context, groupId: string, membershipId: string): boolean {
  const changes = context.database.run(
    'DELETE FROM group_members WHERE group_id = ? AND organization_membership_id = ?',
    [groupId, membershipId],
  );
  return changes === 1;
}

/** Of memberships: those in a group. */
export function inGroup(groupId: string): Filter {
  return ['id IN (SELECT organization_membership_id FROM group_members WHERE group_id = ?)', groupId];
}

/** Of groups: those a membership is in. */
export function withMember(membershipId: string): Filter {
  return ['id IN (SELECT group_id FROM group_members WHERE organization_membership_id = ?)', membershipId];
}

export function groupsOfMembership(context: Context, membershipId: string): GroupRow[] {
  return context.database.all<GroupRow>(
    `SELECT groups.* FROM group_members AS member JOIN groups ON groups.id = member.group_id
     WHERE member.organization_membership_id = ? ORDER BY groups.created_at, groups.id`,
    [membershipId],
  );
}
