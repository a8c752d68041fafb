import type { Context } from '../../kit/context.ts';
import { invalidField } from '../../kit/errors.ts';
import { type Filter, listOf, listPage } from '../../kit/list.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import {
  type ApplicationRow,
  deleteApplicationRow,
  insertApplication,
  type RedirectTarget,
  redirectTargetsOf,
  requireApplication,
  scopesOf,
  updateApplication,
} from './connect-applications.table.ts';
import { redirectTargets } from './redirect-targets.ts';

export const connectApplications = {
  ApplicationsController_list: (context, { query }) => {
    const where: Filter[] = [];
    if (query.organization_id !== undefined) where.push(['organization_id = ?', query.organization_id]);
    const page = listPage<ApplicationRow>(context, query, {
      table: 'connect_applications',
      prefix: 'conn_app_',
      where,
    });
    return listOf(page, serializeApplication);
  },

  ApplicationsController_create: (context, { body }) =>
    serializeApplication(createApplication(context, body)),

  ApplicationsController_find: (context, { path }) =>
    serializeApplication(requireApplication(context, path.id)),

  ApplicationsController_update: (context, { path, body }) => {
    const before = requireApplication(context, path.id);
    const given = body.redirect_uris ?? null;
    if (given !== null && given.length > 0 && before.application_type === 'm2m') {
      throw invalidField(
        'redirect_uris',
        'not_for_m2m',
        'A machine-to-machine application sends nobody anywhere: it has no redirect_uris.',
      );
    }
    const changed: ApplicationRow = {
      ...before,
      name: body.name === undefined ? before.name : nameOf(body.name),
      description: body.description === undefined ? before.description : body.description,
      scopes: body.scopes === undefined ? before.scopes : JSON.stringify(scopesFrom(body.scopes)),
      redirect_uris:
        body.redirect_uris === undefined ? before.redirect_uris : JSON.stringify(redirectTargets(given)),
    };
    const isSame =
      changed.name === before.name &&
      changed.description === before.description &&
      changed.scopes === before.scopes &&
      changed.redirect_uris === before.redirect_uris;
    if (isSame) return serializeApplication(before);
    const after = { ...changed, updated_at: context.now };
    updateApplication(context, after);
    return serializeApplication(after);
  },

  ApplicationsController_delete: (context, { path }) => {
    deleteApplicationRow(context, requireApplication(context, path.id).id);
    return undefined;
  },
} satisfies Resource<
  | 'ApplicationsController_list'
  | 'ApplicationsController_create'
  | 'ApplicationsController_find'
  | 'ApplicationsController_update'
  | 'ApplicationsController_delete'
>;

export type NewApplication = OperationRequest<'ApplicationsController_create'>['body'];

/** @throws ApiError 404 for an organization that is not there, 422 for what no schema can say */
export function createApplication(context: Context, body: NewApplication): ApplicationRow {
  const isFirstParty = body.application_type === 'oauth' && body.is_first_party;
  const row: ApplicationRow = {
    id: context.newId('conn_app_'),
    environment_id: context.environment.id,
    client_id: context.newId('client_'),
    application_type: body.application_type,
    name: nameOf(body.name),
    description: body.description ?? null,
    scopes: JSON.stringify(scopesFrom(body.scopes)),
    redirect_uris: JSON.stringify(
      body.application_type === 'oauth' ? redirectTargets(body.redirect_uris ?? null) : [],
    ),
    uses_pkce: body.application_type === 'oauth' && body.uses_pkce === true ? 1 : 0,
    is_first_party: isFirstParty ? 1 : 0,
    organization_id: organizationFor(context, body, isFirstParty),
    created_at: context.now,
    updated_at: context.now,
  };
  insertApplication(context, row);
  return row;
}

/** A first-party application is the team's own; any other one is some customer's. */
function organizationFor(context: Context, body: NewApplication, isFirstParty: boolean): string | null {
  const id = body.organization_id ?? null;
  if (isFirstParty) {
    if (id === null) return null;
    throw invalidField(
      'organization_id',
      'not_for_first_party',
      'A first-party application belongs to no organization.',
    );
  }
  if (id === null) {
    throw invalidField(
      'organization_id',
      'required',
      'organization_id is required unless is_first_party is true.',
    );
  }
  return requireOrganization(context, id).id;
}

export function serializeApplication(row: ApplicationRow) {
  const common = {
    object: 'connect_application' as const,
    id: row.id,
    client_id: row.client_id,
    description: row.description,
    name: row.name,
    scopes: scopesOf(row),
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
  const { organization_id: organizationId } = row;
  if (row.application_type === 'm2m' && organizationId !== null) {
    return { ...common, application_type: 'm2m' as const, organization_id: organizationId };
  }
  const oauth = {
    ...common,
    application_type: 'oauth' as const,
    redirect_uris: redirectTargetsOf(row).map((target): RedirectTarget => ({ ...target })),
    uses_pkce: row.uses_pkce === 1,
  };
  if (organizationId === null) return { ...oauth, is_first_party: true as const };
  return {
    ...oauth,
    is_first_party: false as const,
    was_dynamically_registered: false as const,
    organization_id: organizationId,
  };
}

function nameOf(name: string): string {
  if (name.trim() === '') throw invalidField('name', 'required', 'name must not be empty.');
  return name;
}

/** A scope is printable ASCII without spaces, quotes and backslashes (RFC 6749, section 3.3). */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

function scopesFrom(scopes: readonly string[] | null | undefined): string[] {
  const unique = [...new Set(scopes ?? [])];
  unique.forEach((scope, at) => {
    if (scopeToken.test(scope)) return;
    throw invalidField(`scopes.${at}`, 'invalid_scope', `scopes.${at} is no scope of OAuth: ${scope}`);
  });
  return unique;
}
