import type { Context } from '../../kit/context.ts';
import { invalidField } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { listOf, listPage } from '../../kit/list.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { serializeGroup } from './group.ts';
import {
  deleteGroup,
  type GroupRow,
  groupsOfOrganization,
  insertGroup,
  requireGroup,
  updateGroup,
} from './groups.table.ts';

export const groups = {
  GroupsController_list: (context, { path, query }) => {
    const organization = requireOrganization(context, path.organizationId);
    const page = listPage<GroupRow>(context, query, {
      table: 'groups',
      prefix: 'group_',
      where: [['organization_id = ?', organization.id]],
    });
    return listOf(page, serializeGroup);
  },

  GroupsController_create: (context, { path, body }) =>
    createGroup(context, requireOrganization(context, path.organizationId).id, body),

  GroupsController_get: (context, { path }) =>
    serializeGroup(requireGroup(context, requireOrganization(context, path.organizationId).id, path.groupId)),

  GroupsController_update: (context, { path, body }) => {
    const organization = requireOrganization(context, path.organizationId);
    const before = requireGroup(context, organization.id, path.groupId);
    const name = body.name === undefined ? before.name : nameOf(body.name);
    const description = body.description === undefined ? before.description : body.description;
    if (name === before.name && description === before.description) return serializeGroup(before);
    const after: GroupRow = { ...before, name, description, updated_at: context.now };
    updateGroup(context, after);
    const served = serializeGroup(after);
    emit(context, 'group.updated', served, after.organization_id);
    return served;
  },

  GroupsController_delete: (context, { path }) => {
    const organization = requireOrganization(context, path.organizationId);
    removeGroup(context, requireGroup(context, organization.id, path.groupId));
    return undefined;
  },
} satisfies Resource<
  | 'GroupsController_list'
  | 'GroupsController_create'
  | 'GroupsController_get'
  | 'GroupsController_update'
  | 'GroupsController_delete'
>;

export function createGroup(
  context: Context,
  organizationId: string,
  body: OperationRequest<'GroupsController_create'>['body'],
): ReturnType<typeof serializeGroup> {
  const row: GroupRow = {
    id: context.newId('group_'),
    organization_id: organizationId,
    name: nameOf(body.name),
    description: body.description ?? null,
    created_at: context.now,
    updated_at: context.now,
  };
  insertGroup(context, row);
  const served = serializeGroup(row);
  emit(context, 'group.created', served, organizationId);
  return served;
}

/** Deletes every group of an organization that is about to go. */
export function removeGroupsOf(context: Context, organizationId: string): void {
  for (const row of groupsOfOrganization(context, organizationId)) removeGroup(context, row);
}

function removeGroup(context: Context, row: GroupRow): void {
  deleteGroup(context, row.id);
  emit(context, 'group.deleted', serializeGroup(row), row.organization_id);
}

function nameOf(name: string): string {
  if (name.trim() === '') throw invalidField('name', 'required', 'name must not be empty.');
  return name;
}
