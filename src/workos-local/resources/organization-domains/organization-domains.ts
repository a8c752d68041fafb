import type { Context } from '../../kit/context.ts';
import { badRequest, conflict, notFound } from '../../kit/errors.ts';
import { emit } from '../../kit/events.ts';
import { randomToken } from '../../kit/random.ts';
import type { Resource } from '../../operation.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { domainName } from './domain-name.ts';
import { isVerified, stateAt, verify } from './organization-domain.machine.ts';
import {
  type DomainRow,
  deleteDomainRow,
  domainById,
  domainOfOrganization,
  hasTextRecord,
  insertDomain,
  updateDomainState,
} from './organization-domains.table.ts';

export const organizationDomains = {
  OrganizationDomainsController_create: (context, { body }) => {
    const organization = requireOrganization(context, body.organization_id);
    const domain = domainName(body.domain, 'domain');
    if (domainOfOrganization(context, organization.id, domain) !== null) {
      throw conflict('domain_already_exists', 'The organization has this domain already.');
    }
    return serializeDomain(context, addDomain(context, organization.id, domain, 'pending'));
  },

  OrganizationDomainsController_get: (context, { path }) =>
    serializeDomain(context, requireDomain(context, path.id)),

  OrganizationDomainsController_delete: (context, { path }) => {
    removeDomain(context, requireDomain(context, path.id));
    return undefined;
  },

  OrganizationDomainsController_verify: (context, { path }) => {
    const row = requireDomain(context, path.id);
    return serializeDomain(context, verifyDomain(context, row));
  },
} satisfies Resource<
  | 'OrganizationDomainsController_create'
  | 'OrganizationDomainsController_get'
  | 'OrganizationDomainsController_delete'
  | 'OrganizationDomainsController_verify'
>;

export function serializeDomain(context: Context, row: DomainRow) {
  return {
    object: 'organization_domain' as const,
    id: row.id,
    organization_id: row.organization_id,
    domain: row.domain,
    state: stateAt(row, context.time),
    ...(row.verification_prefix === null ? {} : { verification_prefix: row.verification_prefix }),
    ...(row.verification_token === null ? {} : { verification_token: row.verification_token }),
    verification_strategy: row.verification_strategy,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/**
 * Adds a domain to an organization. A verified one was vouched for by whoever adds it, so it has no token; a pending
 * one waits for its token to appear in the DNS.
 */
export function addDomain(
  context: Context,
  organizationId: string,
  domain: string,
  state: 'pending' | 'verified',
): DomainRow {
  const pending = state === 'pending';
  const row: DomainRow = {
    id: context.newId('org_domain_'),
    organization_id: organizationId,
    domain,
    state,
    verification_strategy: pending ? 'dns' : 'manual',
    verification_prefix: pending
      ? `kosmo-domain-verification-${randomToken(context.random, 6).toLowerCase()}`
      : null,
    verification_token: pending ? randomToken(context.random, 25) : null,
    created_at: context.now,
    updated_at: context.now,
  };
  insertDomain(context, row);
  const served = serializeDomain(context, row);
  emit(context, 'organization_domain.created', served, organizationId);
  if (!pending) emit(context, 'organization_domain.verified', served, organizationId);
  return row;
}

/**
 * Looks for a domain's token in the local DNS.
 *
 * @throws ApiError 400 when the domain is verified already
 */
export function verifyDomain(context: Context, row: DomainRow): DomainRow {
  if (isVerified(row.state)) throw badRequest('domain_already_verified', 'The domain is verified already.');
  const state = stateAt(row, context.time);
  if (state === 'failed' && row.state === 'pending') {
    // Nobody has looked since the wait was over: this is when it comes to light.
    const data = {
      reason: 'domain_verification_period_expired',
      organization_domain: serializeDomain(context, row),
    };
    emit(context, 'organization_domain.verification_failed', data, row.organization_id);
  }
  const record = `${row.verification_prefix}.${row.domain}`;
  const found = row.verification_token !== null && hasTextRecord(context, record, row.verification_token);
  const { next, emit: event } = verify(state, found ? 'record_found' : 'record_missing');
  if (event === null) return row;
  const changed: DomainRow = {
    ...row,
    state: next,
    verification_strategy: 'dns',
    updated_at: context.now,
  };
  updateDomainState(context, changed);
  emit(context, event, serializeDomain(context, changed), row.organization_id);
  return changed;
}

/** Marks a domain as verified because somebody vouched for it; one that is verified stays as it is. */
export function vouchForDomain(context: Context, row: DomainRow): void {
  if (isVerified(row.state)) return;
  const changed: DomainRow = {
    ...row,
    state: 'verified',
    verification_strategy: 'manual',
    updated_at: context.now,
  };
  updateDomainState(context, changed);
  emit(context, 'organization_domain.verified', serializeDomain(context, changed), row.organization_id);
}

export function removeDomain(context: Context, row: DomainRow): void {
  deleteDomainRow(context, row.id);
  emit(context, 'organization_domain.deleted', serializeDomain(context, row), row.organization_id);
}

function requireDomain(context: Context, id: string): DomainRow {
  const row = domainById(context, id);
  if (row === null) throw notFound('Organization domain', id);
  return row;
}
