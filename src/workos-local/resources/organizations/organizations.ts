import type { Context } from '../../kit/context.ts';
import { invalidField, notFound } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { type Filter, listOf, listPage } from '../../kit/list.ts';
import { mergeMetadata, parseMetadata } from '../../kit/metadata.ts';
import { Answer, type OperationRequest, type Resource } from '../../operation.ts';
import { revokeKeysOfOrganization } from '../api-keys/api-keys.ts';
import { removeConnectionsOf } from '../connections/connection.ts';
import { removeDirectoriesOf } from '../directories/directory.ts';
import { removeGroupsOf } from '../groups/groups.ts';
import { removeInvitationsOfOrganization } from '../invitations/invitations.ts';
import { domainName } from '../organization-domains/domain-name.ts';
import {
  type DomainRow,
  domainsOfOrganizations,
} from '../organization-domains/organization-domains.table.ts';
import {
  addDomain,
  removeDomain,
  serializeDomain,
  vouchForDomain,
} from '../organization-domains/organization-domains.ts';
import { removeMembershipsOfOrganization } from '../organization-memberships/organization-memberships.ts';
import { removeRolesOfOrganization } from '../roles/organization-roles.ts';
import {
  deleteOrganization,
  insertOrganization,
  type OrganizationRow,
  organizationByExternalId,
  requireOrganization,
  updateOrganization,
} from './organizations.table.ts';

export const organizations = {
  OrganizationsController_list: (context, { query }) => {
    const where: Filter[] = [];
    if (query.search !== undefined) {
      where.push([`name LIKE ? ESCAPE '\\'`, `%${query.search.replace(/[\\%_]/g, '\\$&')}%`]);
    }
    if (query.domains !== undefined) {
      where.push([
        `id IN (SELECT organization_id FROM organization_domains
                WHERE environment_id = ? AND domain IN (SELECT value FROM json_each(?)))`,
        context.environment.id,
        JSON.stringify(query.domains.map((domain) => domain.toLowerCase())),
      ]);
    }
    const page = listPage<OrganizationRow>(context, query, { table: 'organizations', prefix: 'org_', where });
    const domains = domainsOfOrganizations(
      context,
      page.rows.map((row) => row.id),
    );
    return listOf(page, (row) => serializeOrganization(context, row, domains.get(row.id) ?? []));
  },

  OrganizationsController_create: (context, { body }) => createOrganization(context, body),

  OrganizationsController_find: (context, { path }) =>
    servedOrganization(context, requireOrganization(context, path.id)),

  OrganizationsController_getByExternalId: (context, { path }) => {
    const row = organizationByExternalId(context, path.external_id);
    if (row === null) throw notFound('Organization', path.external_id);
    return servedOrganization(context, row);
  },

  OrganizationsController_updateOrganization: (context, { path, body }) => {
    const before = requireOrganization(context, path.id);
    const changed: OrganizationRow = {
      ...before,
      name: body.name === undefined ? before.name : nameOf(body.name),
      external_id: body.external_id === undefined ? before.external_id : body.external_id,
      stripe_customer_id: body.stripe_customer_id ?? before.stripe_customer_id,
      allow_profiles_outside_organization: flag(
        body.allow_profiles_outside_organization,
        before.allow_profiles_outside_organization,
      ),
      metadata: JSON.stringify(mergeMetadata(parseMetadata(before.metadata), body.metadata)),
    };
    const domainsChanged = replaceDomains(context, before.id, wantedDomains(body));
    if (!domainsChanged && isSame(before, changed)) return servedOrganization(context, before);
    const after = { ...changed, updated_at: context.now };
    updateOrganization(context, after);
    const answer = servedOrganization(context, after);
    emit(context, 'organization.updated', answer, after.id);
    return answer;
  },

  OrganizationsController_deleteOrganization: (context, { path }) => {
    const row = requireOrganization(context, path.id);
    const answer = servedOrganization(context, row);
    removeConnectionsOf(context, row.id);
    removeDirectoriesOf(context, row.id);
    removeGroupsOf(context, row.id);
    removeMembershipsOfOrganization(context, row.id);
    removeRolesOfOrganization(context, row.id);
    removeInvitationsOfOrganization(context, row.id);
    revokeKeysOfOrganization(context, row.id);
    for (const domain of domainsOf(context, row.id)) removeDomain(context, domain);
    deleteOrganization(context, row.id);
    emit(context, 'organization.deleted', answer, row.id);
    return new Answer(202, undefined);
  },
} satisfies Resource<
  | 'OrganizationsController_list'
  | 'OrganizationsController_create'
  | 'OrganizationsController_find'
  | 'OrganizationsController_getByExternalId'
  | 'OrganizationsController_updateOrganization'
  | 'OrganizationsController_deleteOrganization'
>;

export type NewOrganization = OperationRequest<'OrganizationsController_create'>['body'];

/** Makes an organization with its domains, and their events. */
export function createOrganization(
  context: Context,
  body: NewOrganization,
  id = context.newId('org_'),
): ReturnType<typeof serializeOrganization> {
  const row: OrganizationRow = {
    id,
    name: nameOf(body.name),
    external_id: body.external_id ?? null,
    stripe_customer_id: null,
    allow_profiles_outside_organization: flag(body.allow_profiles_outside_organization, 0),
    metadata: JSON.stringify(mergeMetadata({}, body.metadata)),
    created_at: context.now,
    updated_at: context.now,
  };
  insertOrganization(context, row);
  const wanted = wantedDomains(body) ?? new Map();
  const domains = [...wanted].map(([domain, state]) => addDomain(context, row.id, domain, state));
  const answer = serializeOrganization(context, row, domains);
  emit(context, 'organization.created', answer, row.id);
  return answer;
}

export function serializeOrganization(context: Context, row: OrganizationRow, domains: readonly DomainRow[]) {
  return {
    object: 'organization' as const,
    id: row.id,
    name: row.name,
    allow_profiles_outside_organization: row.allow_profiles_outside_organization === 1,
    domains: domains.map((domain) => serializeDomain(context, domain)),
    metadata: parseMetadata(row.metadata),
    external_id: row.external_id,
    ...(row.stripe_customer_id === null ? {} : { stripe_customer_id: row.stripe_customer_id }),
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** An organization as the API serves it. */
export function servedOrganization(context: Context, row: OrganizationRow) {
  return serializeOrganization(context, row, domainsOf(context, row.id));
}

function domainsOf(context: Context, organizationId: string): readonly DomainRow[] {
  return domainsOfOrganizations(context, [organizationId]).get(organizationId) ?? [];
}

function nameOf(name: string): string {
  if (name.trim() === '') throw invalidField('name', 'required', 'name must not be empty.');
  return name;
}

function flag(given: boolean | undefined, otherwise: 0 | 1): 0 | 1 {
  if (given === undefined) return otherwise;
  return given ? 1 : 0;
}

function isSame(before: OrganizationRow, after: OrganizationRow): boolean {
  return (
    before.name === after.name &&
    before.external_id === after.external_id &&
    before.stripe_customer_id === after.stripe_customer_id &&
    before.allow_profiles_outside_organization === after.allow_profiles_outside_organization &&
    before.metadata === after.metadata
  );
}

type WantedDomains = ReadonlyMap<string, 'pending' | 'verified'>;

/** The domains a body asks for, each once; null when it says nothing of domains. */
function wantedDomains(body: {
  domains?: string[];
  domain_data?: { domain: string; state: 'pending' | 'verified' }[];
}): WantedDomains | null {
  if (body.domain_data === undefined && body.domains === undefined) return null;
  return new Map([
    // The older form says nothing of who vouches for a domain, so it waits to be verified.
    ...(body.domains ?? []).map((domain, at) => [domainName(domain, `domains.${at}`), 'pending'] as const),
    ...(body.domain_data ?? []).map(
      ({ domain, state }, at) => [domainName(domain, `domain_data.${at}.domain`), state] as const,
    ),
  ]);
}

/** Makes an organization's domains the wanted ones. A domain that is verified is not taken back to pending. */
function replaceDomains(context: Context, organizationId: string, wanted: WantedDomains | null): boolean {
  if (wanted === null) return false;
  let changed = false;
  const present = new Map(domainsOf(context, organizationId).map((row) => [row.domain, row]));
  for (const [domain, row] of present) {
    if (wanted.has(domain)) continue;
    removeDomain(context, row);
    changed = true;
  }
  for (const [domain, state] of wanted) {
    const row = present.get(domain);
    if (row === undefined) addDomain(context, organizationId, domain, state);
    else if (state === 'verified' && row.state !== 'verified') vouchForDomain(context, row);
    else continue;
    changed = true;
  }
  return changed;
}
