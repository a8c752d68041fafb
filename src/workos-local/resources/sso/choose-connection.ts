import type { Context } from '../../kit/context.ts';
import { createConnection } from '../connections/connection.ts';
import {
  type ConnectionRow,
  type ConnectionType,
  connectionById,
  connectionsOfOrganization,
  sharedConnection,
} from '../connections/connections.table.ts';
import { organizationById } from '../organizations/organizations.table.ts';

/** How a request says which connection to sign in by. */
export interface ConnectionSelector {
  readonly connection?: string;
  readonly organization?: string;
  readonly provider?: ConnectionType;
  readonly domain?: string;
}

/** Why there is none: a code and its description, which the application gets with the redirect. */
export interface NoConnection {
  readonly error: string;
  readonly description: string;
}

/** The connection a request asks for, one that is active; or why not. */
export function chooseConnection(
  context: Context,
  selector: ConnectionSelector,
): ConnectionRow | NoConnection {
  if (selector.connection !== undefined) {
    const row = connectionById(context, selector.connection);
    return row === null ? none('connection_invalid', 'There is no connection with this id.') : active(row);
  }
  if (selector.organization !== undefined) return ofOrganization(context, selector.organization);
  if (selector.provider !== undefined) {
    const known = sharedConnection(context, selector.provider);
    return active(known ?? createConnection(context, { organizationId: null, type: selector.provider }));
  }
  if (selector.domain !== undefined) {
    return none(
      'domain_connection_selector_not_allowed',
      'A connection is no longer found by its domain: name the connection or the organization.',
    );
  }
  return none('invalid_connection_selector', 'One of connection, organization and provider must be given.');
}

function ofOrganization(context: Context, id: string): ConnectionRow | NoConnection {
  if (organizationById(context, id) === null) {
    return none('organization_invalid', 'There is no organization with this id.');
  }
  const rows = connectionsOfOrganization(context, id);
  const [first, ...others] = rows.filter(({ state }) => state === 'active');
  if (first === undefined) {
    const [inactive] = rows;
    return inactive === undefined
      ? none('organization_invalid', 'No connection associated with organization.')
      : active(inactive);
  }
  if (others.length > 0) {
    return none(
      'ambiguous_connection_selector',
      'The organization has several connections: name the connection.',
    );
  }
  return first;
}

function active(row: ConnectionRow): ConnectionRow | NoConnection {
  return row.state === 'active' ? row : none('connection_unlinked', 'The connection is not active.');
}

function none(error: string, description: string): NoConnection {
  return { error, description };
}
