import type { Context } from '../../kit/context.ts';
import { type Filter, listPage } from '../../kit/list.ts';
import { Answer, type Resource } from '../../operation.ts';
import { removeConnection, serializeConnection, serializeConnections } from './connection.ts';
import { type ConnectionRow, requireConnection } from './connections.table.ts';

export const connections = {
  ConnectionsController_list: (context, { query }) => {
    const where: Filter[] = [];
    // The document writes GithubOAuth here and GitHubOAuth in what is served.
    if (query.connection_type !== undefined) {
      where.push(['connection_type = ? COLLATE NOCASE', query.connection_type]);
    }
    if (query.organization_id !== undefined) where.push(['organization_id = ?', query.organization_id]);
    if (query.domain !== undefined) where.push(ofDomain(context, query.domain));
    if (query.search !== undefined) where.push(['instr(lower(name), lower(?)) > 0', query.search]);
    const page = listPage<ConnectionRow>(context, query, { table: 'connections', prefix: 'conn_', where });
    return {
      object: 'list',
      data: serializeConnections(context, page.rows),
      list_metadata: page.list_metadata,
    };
  },

  ConnectionsController_find: (context, { path }) =>
    serializeConnection(context, requireConnection(context, path.id)),

  ConnectionsController_delete: (context, { path }) => {
    removeConnection(context, path.id);
    return new Answer(204, undefined);
  },
} satisfies Resource<
  'ConnectionsController_list' | 'ConnectionsController_find' | 'ConnectionsController_delete'
>;

/** The condition that a row's organization has a domain. */
export function ofDomain(context: Context, domain: string): Filter {
  return [
    'organization_id IN (SELECT organization_id FROM organization_domains WHERE environment_id = ? AND domain = ?)',
    context.environment.id,
    domain.toLowerCase(),
  ];
}
