import type { Context } from '../../kit/context.ts';
import { emit } from '../../kit/events.ts';
import { randomToken } from '../../kit/random.ts';
import type { DomainRow } from '../organization-domains/organization-domains.table.ts';
import { domainsOfOrganizations } from '../organization-domains/organization-domains.table.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { type ConnectionAction, changeConnection } from './connection.machine.ts';
import {
  type ConnectionRow,
  type ConnectionState,
  type ConnectionType,
  connectionsOfOrganization,
  deleteConnectionRow,
  insertConnection,
  requireConnection,
  updateConnection,
} from './connections.table.ts';

export interface NewConnection {
  /** Null for the connection of a social provider that all of the environment shares. */
  readonly organizationId: string | null;
  readonly type: ConnectionType;
  /** The organization's name unless said. */
  readonly name?: string;
  /** Active unless said: the provider behind it is the test identity provider, which needs no setting up. */
  readonly state?: ConnectionState;
}

/**
 * Makes a connection. WorkOS has no operation for it: it is done in the dashboard or the Admin Portal.
 *
 * @throws ApiError 404 when there is no such organization
 */
export function createConnection(context: Context, connection: NewConnection): ConnectionRow {
  const { organizationId, type, state = 'active' } = connection;
  const organization = organizationId === null ? null : requireOrganization(context, organizationId);
  const row: ConnectionRow = {
    id: context.newId('conn_'),
    organization_id: organizationId,
    connection_type: type,
    name: connection.name ?? organization?.name ?? type,
    state,
    external_key: randomToken(context.random, 25),
    signing_cert: null,
    created_at: context.now,
    updated_at: context.now,
  };
  insertConnection(context, row);
  if (state === 'active') tell(context, 'connection.activated', row);
  return row;
}

/** Activates or deactivates a connection, and tells of it; where there is nothing to change, nothing is told. */
export function actOnConnection(
  context: Context,
  row: ConnectionRow,
  action: ConnectionAction,
): ConnectionRow {
  const transition = changeConnection(row.state, action);
  if (transition === null) return row;
  const changed: ConnectionRow = { ...row, state: transition.next, updated_at: context.now };
  updateConnection(context, changed);
  if (transition.emit !== null) tell(context, transition.emit, changed);
  return changed;
}

/**
 * Keeps the certificate an identity provider signs its answers with from now on.
 *
 * @param expiry when it ends, as it is stored
 */
export function renewCertificate(
  context: Context,
  row: ConnectionRow,
  certificate: string,
  expiry: string,
): ConnectionRow {
  const changed: ConnectionRow = { ...row, signing_cert: certificate, updated_at: context.now };
  updateConnection(context, changed);
  const data = {
    connection: {
      id: row.id,
      ...(row.organization_id === null ? {} : { organization_id: row.organization_id }),
    },
    certificate: { certificate_type: 'ResponseSigning', expiry_date: expiry },
    renewed_at: context.now,
  };
  emit(context, 'connection.saml_certificate_renewed', data, row.organization_id);
  return changed;
}

export function removeConnection(context: Context, id: string): void {
  const row = requireConnection(context, id);
  deleteConnectionRow(context, row.id);
  emit(context, 'connection.deleted', common(row), row.organization_id);
}

/** Deletes every connection of an organization that is about to go. */
export function removeConnectionsOf(context: Context, organizationId: string): void {
  for (const row of connectionsOfOrganization(context, organizationId)) removeConnection(context, row.id);
}

/** Several connections as the API serves them; their domains are read with one statement. */
export function serializeConnections(context: Context, rows: readonly ConnectionRow[]) {
  const organizations = [...new Set(rows.flatMap(({ organization_id: id }) => (id === null ? [] : [id])))];
  const domains = domainsOfOrganizations(context, organizations);
  return rows.map((row) => serialize(row, domains.get(row.organization_id ?? '') ?? []));
}

export function serializeConnection(context: Context, row: ConnectionRow) {
  return serialize(row, domainsOf(context, row));
}

function serialize(row: ConnectionRow, domains: readonly DomainRow[]) {
  return {
    ...common(row),
    status: statusOf(row),
    domains: domains.map(serializeDomain),
    ...(row.connection_type.endsWith('SAML') ? { options: { signing_cert: row.signing_cert } } : {}),
  };
}

function common(row: ConnectionRow) {
  return {
    object: 'connection' as const,
    id: row.id,
    ...(row.organization_id === null ? {} : { organization_id: row.organization_id }),
    connection_type: row.connection_type,
    name: row.name,
    state: row.state,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

function tell(context: Context, event: string, row: ConnectionRow): void {
  const data = {
    ...common(row),
    external_key: row.external_key,
    status: statusOf(row),
    domains: domainsOf(context, row).map(serializeDomain),
  };
  emit(context, event, data, row.organization_id);
}

/** The older word for the state. */
function statusOf(row: ConnectionRow): 'linked' | 'unlinked' {
  return row.state === 'active' ? 'linked' : 'unlinked';
}

function domainsOf(context: Context, row: ConnectionRow): readonly DomainRow[] {
  if (row.organization_id === null) return [];
  return domainsOfOrganizations(context, [row.organization_id]).get(row.organization_id) ?? [];
}

function serializeDomain(row: DomainRow) {
  return { object: 'connection_domain' as const, id: row.id, domain: row.domain };
}
