import type { Context } from '../../kit/context.ts';
import { ApiError, badRequest, conflict, invalidField, notFound } from '../../kit/errors.ts';
import { type Filter, listOf, listPage } from '../../kit/list.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import {
  organizationType,
  parentTypesOf,
  requireResourceType,
} from '../resource-types/resource-types.table.ts';
import {
  deleteResourceRow,
  hasDependents,
  insertResource,
  organizationResource,
  type ResourceRow,
  requireResource,
  requireResourceByExternalId,
  resourceByExternalId,
  resourcePrefix,
  updateResource,
} from './authorization-resources.table.ts';

export const authorizationResources = {
  AuthorizationResourcesController_list: (context, { query }) => {
    const where: Filter[] = [];
    if (query.organization_id !== undefined) where.push(['organization_id = ?', query.organization_id]);
    if (query.resource_type_slug !== undefined) {
      where.push(['resource_type_slug = ?', query.resource_type_slug]);
      // By which the index of types, which has no roots, can be used.
      if (query.resource_type_slug !== organizationType) where.push(['parent_resource_id IS NOT NULL']);
    }
    if (query.resource_external_id !== undefined) where.push(withExternalId(query.resource_external_id));
    if (query.parent_resource_id !== undefined) {
      where.push(['parent_resource_id = ?', query.parent_resource_id]);
    }
    if (query.parent_external_id !== undefined && query.parent_resource_type_slug !== undefined) {
      where.push([
        `parent_resource_id IN (SELECT id FROM authorization_resources
          WHERE environment_id = ? AND resource_type_slug = ? AND (${withExternalId(query.parent_external_id)[0]}))`,
        context.environment.id,
        query.parent_resource_type_slug,
        query.parent_external_id,
        query.parent_external_id,
      ]);
    }
    if (query.search !== undefined) {
      where.push([`name LIKE ? ESCAPE '\\'`, `%${query.search.replace(/[\\%_]/g, '\\$&')}%`]);
    }
    const page = listPage<ResourceRow>(context, query, {
      table: 'authorization_resources',
      prefix: resourcePrefix,
      where,
    });
    return listOf(page, serializeResource);
  },

  AuthorizationResourcesController_create: (context, { body }) => createResource(context, body),

  AuthorizationResourcesController_findById: (context, { path }) =>
    serializeResource(requireResource(context, path.resource_id)),

  AuthorizationResourcesController_update: (context, { path, body }) =>
    changeResource(context, requireResource(context, path.resource_id), body),

  AuthorizationResourcesController_delete: (context, { path, query }) =>
    removeResource(context, requireResource(context, path.resource_id), query.cascade_delete === true),

  AuthorizationResourcesByExternalIdController_getByExternalId: (context, { path }) =>
    serializeResource(resourceOfPath(context, path)),

  AuthorizationResourcesByExternalIdController_updateByExternalId: (context, { path, body }) =>
    changeResource(context, resourceOfPath(context, path), body),

  AuthorizationResourcesByExternalIdController_deleteByExternalId: (context, { path, query }) =>
    removeResource(context, resourceOfPath(context, path), query.cascade_delete === true),
} satisfies Resource<
  | 'AuthorizationResourcesController_list'
  | 'AuthorizationResourcesController_create'
  | 'AuthorizationResourcesController_findById'
  | 'AuthorizationResourcesController_update'
  | 'AuthorizationResourcesController_delete'
  | 'AuthorizationResourcesByExternalIdController_getByExternalId'
  | 'AuthorizationResourcesByExternalIdController_updateByExternalId'
  | 'AuthorizationResourcesByExternalIdController_deleteByExternalId'
>;

/** Those with an external id; a root's is its organization's id. */
function withExternalId(id: string): Filter {
  return [
    `(parent_resource_id IS NOT NULL AND external_id = ?) OR (parent_resource_id IS NULL AND organization_id = ?)`,
    id,
    id,
  ];
}

export type NewResource = OperationRequest<'AuthorizationResourcesController_create'>['body'];
type ResourceChange = OperationRequest<'AuthorizationResourcesController_update'>['body'];

/**
 * Puts a resource into its organization's tree: below the one named, or below the organization itself.
 *
 * @throws ApiError 404 without organization, type or parent, 400 where such a resource cannot stand, 409 when the
 *   external id is taken
 */
export function createResource(context: Context, body: NewResource): ReturnType<typeof serializeResource> {
  const organization = requireOrganization(context, body.organization_id);
  const type = requireResourceType(context, body.resource_type_slug).slug;
  if (type === organizationType) {
    throw badRequest('bad_request', 'The resource of an organization is made with it, and only then.');
  }
  const parent =
    namedParent(context, organization.id, body) ?? organizationResource(context, organization.id);
  requirePlace(context, type, parent, 400);
  if (resourceByExternalId(context, organization.id, type, body.external_id) !== null) {
    throw conflict(
      'authorization_resource_external_id_conflict',
      `The organization has a ${type} with the external id '${body.external_id}' already.`,
    );
  }
  const row: ResourceRow = {
    id: context.newId(resourcePrefix),
    organization_id: organization.id,
    parent_resource_id: parent.id,
    resource_type_slug: type,
    external_id: body.external_id,
    name: nameOf(body.name),
    description: body.description ?? null,
    created_at: context.now,
    updated_at: context.now,
  };
  insertResource(context, row);
  return serializeResource(row);
}

/**
 * Finds a resource by the external id in a path.
 *
 * @throws ApiError 404
 */
export function resourceOfPath(
  context: Context,
  path: { organization_id: string; resource_type_slug: string; external_id: string },
): ResourceRow {
  const organization = requireOrganization(context, path.organization_id);
  return requireResourceByExternalId(context, organization.id, path.resource_type_slug, path.external_id);
}

function changeResource(
  context: Context,
  row: ResourceRow,
  body: ResourceChange,
): ReturnType<typeof serializeResource> {
  const before = requireOwn(row, 'changed');
  const parent = namedParent(context, before.organization_id, body);
  // The types a type can stand below never include itself, so no resource comes to stand below itself.
  if (parent !== null) requirePlace(context, before.resource_type_slug, parent, 422);
  const changed: ResourceRow = {
    ...before,
    parent_resource_id: parent === null ? before.parent_resource_id : parent.id,
    name: body.name === undefined ? before.name : nameOf(body.name),
    description: body.description === undefined ? before.description : body.description,
  };
  const isSame =
    changed.parent_resource_id === before.parent_resource_id &&
    changed.name === before.name &&
    changed.description === before.description;
  if (isSame) return serializeResource(before);
  const after = { ...changed, updated_at: context.now };
  updateResource(context, after);
  return serializeResource(after);
}

function removeResource(context: Context, row: ResourceRow, cascade: boolean): undefined {
  const { id } = requireOwn(row, 'deleted');
  if (!cascade && hasDependents(context, id)) {
    throw conflict(
      'resource_has_dependents',
      'Resources stand below it, or members have roles on it: cascade_delete=true takes them with it.',
    );
  }
  deleteResourceRow(context, id);
  return undefined;
}

/** The parent a body names, null when it names none. */
function namedParent(
  context: Context,
  organizationId: string,
  body: {
    parent_resource_id?: string | null;
    parent_resource_external_id?: string;
    parent_resource_type_slug?: string;
  },
): ResourceRow | null {
  const { parent_resource_external_id: externalId, parent_resource_type_slug: type } = body;
  if (externalId !== undefined && type !== undefined) {
    return requireResourceByExternalId(context, organizationId, type, externalId);
  }
  if (typeof body.parent_resource_id !== 'string') return null;
  return requireResourceOf(context, organizationId, body.parent_resource_id);
}

/** @throws ApiError 404, also for a resource of another organization */
export function requireResourceOf(context: Context, organizationId: string, id: string): ResourceRow {
  const row = requireResource(context, id);
  if (row.organization_id === organizationId) return row;
  throw notFound('Authorization resource', id);
}

/** @param status what the document answers a request with that cannot be right */
function requirePlace(context: Context, type: string, parent: ResourceRow, status: 400 | 422): void {
  const allowed = parentTypesOf(context, type);
  if (allowed.includes(parent.resource_type_slug)) return;
  throw new ApiError(status, {
    message: `A ${type} stands below a resource of the type ${allowed.join(' or ')}, not ${parent.resource_type_slug}.`,
    code: 'bad_request',
  });
}

/** @throws ApiError 403 for the resource that an organization is */
function requireOwn(row: ResourceRow, done: 'changed' | 'deleted'): ResourceRow {
  if (row.parent_resource_id !== null) return row;
  throw new ApiError(403, {
    message: `The resource of an organization is ${done} with the organization itself.`,
    code: 'organization_resource',
  });
}

function nameOf(name: string): string {
  if (name.trim() === '') throw invalidField('name', 'required', 'name must not be empty.');
  return name;
}

export function serializeResource(row: ResourceRow) {
  return {
    object: 'authorization_resource' as const,
    id: row.id,
    external_id: row.external_id,
    name: row.name,
    description: row.description,
    resource_type_slug: row.resource_type_slug,
    organization_id: row.organization_id,
    parent_resource_id: row.parent_resource_id,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
