import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { listOf, listPage } from '../../kit/list.ts';
import type { Resource } from '../../operation.ts';
import { serializeWithoutUsers } from '../organization-memberships/organization-membership.ts';
import {
  type MembershipRow,
  requireMembership,
} from '../organization-memberships/organization-memberships.table.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { serializeGroup } from './group.ts';
import {
  deleteMember,
  groupsOfMembership,
  inGroup,
  insertMember,
  withMember,
} from './group-members.table.ts';
import { type GroupRow, requireGroup } from './groups.table.ts';

export const groupMembers = {
  GroupMembershipsController_listMembers: (context, { path, query }) => {
    const group = groupOfPath(context, path);
    const { rows, list_metadata } = listPage<MembershipRow>(context, query, {
      table: 'organization_memberships',
      prefix: 'om_',
      where: [inGroup(group.id)],
    });
    return { object: 'list', data: serializeWithoutUsers(context, rows), list_metadata };
  },

  GroupMembershipsController_addMember: (context, { path, body }) => {
    const group = groupOfPath(context, path);
    return addToGroup(context, group, body.organization_membership_id);
  },

  GroupMembershipsController_removeMember: (context, { path }) => {
    const group = groupOfPath(context, path);
    const membership = memberOf(context, group.organization_id, path.omId);
    if (!deleteMember(context, group.id, membership.id)) {
      throw notFound('Group membership', membership.id);
    }
    tell(context, 'removed', group, membership);
    return undefined;
  },

  OrganizationMembershipGroupsController_listGroups: (context, { path, query }) => {
    const membership = requireMembership(context, path.omId);
    const page = listPage<GroupRow>(context, query, {
      table: 'groups',
      prefix: 'group_',
      where: [withMember(membership.id)],
    });
    return listOf(page, serializeGroup);
  },
} satisfies Resource<
  | 'GroupMembershipsController_listMembers'
  | 'GroupMembershipsController_addMember'
  | 'GroupMembershipsController_removeMember'
  | 'OrganizationMembershipGroupsController_listGroups'
>;

/**
 * Puts a membership into a group of its organization. One that is in it already stays, and nothing is told.
 *
 * @throws ApiError 404 without the membership, also when it is of another organization
 */
export function addToGroup(
  context: Context,
  group: GroupRow,
  membershipId: string,
): ReturnType<typeof serializeGroup> {
  const membership = memberOf(context, group.organization_id, membershipId);
  if (insertMember(context, group.id, membership.id)) tell(context, 'added', group, membership);
  return serializeGroup(group);
}

/** Takes a membership that is about to end out of its groups. */
export function removeFromGroups(context: Context, membership: MembershipRow): void {
  for (const group of groupsOfMembership(context, membership.id)) {
    deleteMember(context, group.id, membership.id);
    tell(context, 'removed', group, membership);
  }
}

function groupOfPath(context: Context, path: { organizationId: string; groupId: string }): GroupRow {
  return requireGroup(context, requireOrganization(context, path.organizationId).id, path.groupId);
}

function memberOf(context: Context, organizationId: string, membershipId: string): MembershipRow {
  const membership = requireMembership(context, membershipId);
  if (membership.organization_id !== organizationId) {
    throw notFound('Organization membership', membershipId);
  }
  return membership;
}

function tell(context: Context, what: 'added' | 'removed', group: GroupRow, membership: MembershipRow): void {
  emit(
    context,
    `group.member_${what}`,
    { group_id: group.id, organization_membership_id: membership.id },
    group.organization_id,
  );
}
