import type { Context } from '../../kit/context.ts';
import { type ApiError, badRequest, conflict, unprocessable } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { type Filter, listPage } from '../../kit/list.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { revokeKeysOfUser } from '../api-keys/api-keys.ts';
import { removeFromGroups } from '../groups/group-members.ts';
import { withdrawInvitationsTo } from '../invitations/invitation.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { defaultRole, type RoleRow, roleOfOrganization } from '../roles/roles.table.ts';
import { requireUser, type UserRow } from '../users/users.table.ts';
import {
  beginMembership,
  changeMembership,
  type MembershipAction,
  type MembershipRefusal,
} from './organization-membership.machine.ts';
import { membershipEvent, serializeMemberships } from './organization-membership.ts';
import {
  deleteMembershipRow,
  insertMembership,
  type MembershipRow,
  membershipBetween,
  membershipsOfOrganization,
  membershipsOfUser,
  replaceRoles,
  requireMembership,
  rolesOfMemberships,
  updateMembership,
} from './organization-memberships.table.ts';

export const organizationMemberships = {
  UserlandUserOrganizationMembershipsController_list: (context, { query }) => {
    const { user_id, organization_id, statuses = ['active'] } = query;
    if (user_id === undefined && organization_id === undefined) {
      throw badRequest('missing_user_id_or_organization_id', 'Name a user_id, an organization_id or both.');
    }
    const where: Filter[] = [['status IN (SELECT value FROM json_each(?))', JSON.stringify(statuses)]];
    if (user_id !== undefined) where.push(['user_id = ?', requireUser(context, user_id).id]);
    if (organization_id !== undefined) {
      where.push(['organization_id = ?', requireOrganization(context, organization_id).id]);
    }
    const { rows, list_metadata } = listPage<MembershipRow>(context, query, {
      table: 'organization_memberships',
      prefix: 'om_',
      where,
    });
    return { object: 'list', data: serializeMemberships(context, rows), list_metadata };
  },

  UserlandUserOrganizationMembershipsController_create: (context, { body }) =>
    createMembership(context, body),

  UserlandUserOrganizationMembershipsController_get: (context, { path }) =>
    served(context, requireMembership(context, path.id)),

  UserlandUserOrganizationMembershipsController_update: (context, { path, body }) => {
    const row = requireMembership(context, path.id);
    const slugs = wantedRoles(body);
    if (slugs === null) return served(context, row);
    const roles = rolesNamed(context, row.organization_id, slugs);
    if (hasRoles(context, row, roles)) return served(context, row);
    return served(context, keepMembership(context, row, roles));
  },

  UserlandUserOrganizationMembershipsController_delete: (context, { path }) => {
    removeMembership(context, requireMembership(context, path.id));
    return undefined;
  },

  UserlandUserOrganizationMembershipsController_deactivate: (context, { path }) =>
    deactivateMembership(context, path.id),

  UserlandUserOrganizationMembershipsController_reactivate: (context, { path }) =>
    served(context, change(context, requireMembership(context, path.id), 'reactivate')),
} satisfies Resource<
  | 'UserlandUserOrganizationMembershipsController_list'
  | 'UserlandUserOrganizationMembershipsController_create'
  | 'UserlandUserOrganizationMembershipsController_get'
  | 'UserlandUserOrganizationMembershipsController_update'
  | 'UserlandUserOrganizationMembershipsController_delete'
  | 'UserlandUserOrganizationMembershipsController_deactivate'
  | 'UserlandUserOrganizationMembershipsController_reactivate'
>;

export type NewMembership = OperationRequest<'UserlandUserOrganizationMembershipsController_create'>['body'];

/**
 * Makes a user an active member of an organization, also one who was a member before.
 *
 * @throws ApiError 404 without the user or the organization, 422 without the role, 400 or 409 when the membership
 *   that is there does not allow it
 */
export function createMembership(
  context: Context,
  body: NewMembership,
  id?: string,
): ReturnType<typeof served> {
  const user = requireUser(context, body.user_id);
  const organization = requireOrganization(context, body.organization_id);
  const slugs = wantedRoles(body);
  const roles = slugs === null ? null : rolesNamed(context, organization.id, slugs);
  return served(
    context,
    moveMembership(context, 'add', { user, organizationId: organization.id, roles }, id),
  );
}

/** @throws ApiError 404 or 400 */
export function deactivateMembership(context: Context, id: string): ReturnType<typeof served> {
  return served(context, change(context, requireMembership(context, id), 'deactivate'));
}

/** Makes a member who was switched off one again, with the roles they had. */
export function restoreMembership(context: Context, row: MembershipRow): MembershipRow {
  return change(context, row, 'reactivate');
}

interface Move {
  readonly user: Pick<UserRow, 'id'>;
  readonly organizationId: string;
  /** Null leaves the roles of a membership that is there, and gives a new one the default role. */
  readonly roles: readonly RoleRow[] | null;
}

/**
 * Adds a user to an organization, invites them to it, or lets them accept: makes the membership, or moves the one
 * that is there, with its event.
 *
 * @throws ApiError 400 or 409 when the membership that is there does not allow it
 */
export function moveMembership(
  context: Context,
  action: 'add' | 'invite' | 'accept',
  { user, organizationId, roles }: Move,
  id?: string,
): MembershipRow {
  const present = membershipBetween(context, organizationId, user.id);
  if (present !== null) return change(context, present, action, roles);
  const { next, emit: event } = beginMembership(action);
  const row: MembershipRow = {
    id: id ?? context.newId('om_'),
    user_id: user.id,
    organization_id: organizationId,
    status: next,
    directory_managed: 0,
    custom_attributes: '{}',
    created_at: context.now,
    updated_at: context.now,
  };
  insertMembership(context, row);
  replaceRoles(context, row, roles ?? [defaultRole(context, organizationId)]);
  if (event !== null) emit(context, event, membershipEvent(context, row), organizationId);
  return row;
}

/**
 * Ends a membership: with it go the user's API keys for the organization, its places in groups, and the invitation it
 * waited for.
 */
export function removeMembership(context: Context, row: MembershipRow): void {
  const told = membershipEvent(context, row);
  if (row.status === 'pending') withdrawInvitationsTo(context, row);
  revokeKeysOfUser(context, row.user_id, row.organization_id);
  removeFromGroups(context, row);
  deleteMembershipRow(context, row.id);
  emit(context, 'organization_membership.deleted', told, row.organization_id);
}

/** Ends all memberships of a user who is about to go. */
export function removeMembershipsOfUser(context: Context, userId: string): void {
  for (const row of membershipsOfUser(context, userId)) removeMembership(context, row);
}

/** Ends all memberships of an organization that is about to go. */
export function removeMembershipsOfOrganization(context: Context, organizationId: string): void {
  for (const row of membershipsOfOrganization(context, organizationId)) removeMembership(context, row);
}

/**
 * The roles of these names that members of an organization can have, each once.
 *
 * @throws ApiError 422 `invalid_role`
 */
function rolesNamed(context: Context, organizationId: string, slugs: readonly string[]): readonly RoleRow[] {
  if (slugs.length === 0) return [defaultRole(context, organizationId)];
  return [...new Set(slugs)].map((slug) => {
    const role = roleOfOrganization(context, organizationId, slug);
    if (role === null)
      throw unprocessable('invalid_role', `There is no role '${slug}' for this organization.`);
    return role;
  });
}

/** @returns null when a body says nothing of roles */
function wantedRoles(body: { role_slug?: string; role_slugs?: string[] }): readonly string[] | null {
  if (body.role_slug !== undefined) return [body.role_slug];
  return body.role_slugs ?? null;
}

/** @throws ApiError when the status of the membership does not allow it */
function change(
  context: Context,
  row: MembershipRow,
  action: MembershipAction,
  roles: readonly RoleRow[] | null = null,
): MembershipRow {
  const outcome = changeMembership(row.status, action);
  if (typeof outcome === 'string') throw refused(outcome);
  const isInvitedAgain = action === 'invite' && row.status === 'pending';
  if (isInvitedAgain && roles !== null && !hasRoles(context, row, roles))
    return keepMembership(context, row, roles);
  if (outcome.emit === null) return row;
  // A pending member has the roles of the invitation, or those they were changed to since.
  return keepMembership(context, { ...row, status: outcome.next }, row.status === 'pending' ? null : roles);
}

/** Keeps a changed membership, with these roles when there are some, and tells of it. */
export function keepMembership(
  context: Context,
  changed: MembershipRow,
  roles: readonly RoleRow[] | null = null,
): MembershipRow {
  const row = { ...changed, updated_at: context.now };
  updateMembership(context, row);
  if (roles !== null) replaceRoles(context, row, roles);
  emit(context, 'organization_membership.updated', membershipEvent(context, row), row.organization_id);
  return row;
}

function hasRoles(context: Context, row: MembershipRow, roles: readonly RoleRow[]): boolean {
  const present = rolesOfMemberships(context, [row.id]).get(row.id) ?? [];
  return present.length === roles.length && roles.every(({ slug }) => present.includes(slug));
}

function served(context: Context, row: MembershipRow) {
  const [membership] = serializeMemberships(context, [row]);
  if (membership === undefined) throw new Error('One row is served as one membership.');
  return membership;
}

function refused(code: MembershipRefusal): ApiError {
  switch (code) {
    case 'organization_membership_already_exists':
      return conflict(code, 'The user is a member of the organization already.');
    case 'user_already_organization_member':
      return badRequest(code, 'The user is a member of the organization already.');
    case 'cannot_deactivate_pending_organization_membership':
      return badRequest(code, 'A pending membership cannot be deactivated; delete it instead.');
    case 'cannot_reactivate_pending_organization_membership':
      return badRequest(
        code,
        'A pending membership cannot be reactivated; its invitation has to be accepted.',
      );
  }
}
