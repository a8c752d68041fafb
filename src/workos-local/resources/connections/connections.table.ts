import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';
import type { Reply } from '../../operation.ts';

type ServedConnection = Reply<'ConnectionsController_find'>;
export type ConnectionType = ServedConnection['connection_type'];
export type ConnectionState = ServedConnection['state'];

export interface ConnectionRow {
  readonly id: string;
  /** Null for the connection of a social provider: everybody in the environment may use it. */
  readonly organization_id: string | null;
  readonly connection_type: ConnectionType;
  readonly name: string;
  readonly state: ConnectionState;
  readonly external_key: string;
  readonly signing_cert: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertConnection(context: Context, row: ConnectionRow): void {
  context.database.run(
    `INSERT INTO connections (id, environment_id, organization_id, connection_type, name, state, external_key,
       signing_cert, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.organization_id,
      row.connection_type,
      row.name,
      row.state,
      row.external_key,
      row.signing_cert,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function updateConnection(context: Context, row: ConnectionRow): void {
  context.database.run(
    'UPDATE connections SET connection_type = ?, name = ?, state = ?, signing_cert = ?, updated_at = ? WHERE id = ?',
    [row.connection_type, row.name, row.state, row.signing_cert, row.updated_at, row.id],
  );
}

export function deleteConnectionRow(context: Context, id: string): void {
  context.database.run('DELETE FROM connections WHERE id = ?', [id]);
}

export function connectionById(context: Context, id: string): ConnectionRow | null {
  return context.database.get<ConnectionRow>(
    'SELECT * FROM connections WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
}

/** @throws ApiError 404 */
export function requireConnection(context: Context, id: string): ConnectionRow {
  const row = connectionById(context, id);
  if (row === null) throw notFound('Connection', id);
  return row;
}

export function connectionsOfOrganization(context: Context, organizationId: string): ConnectionRow[] {
  return context.database.all<ConnectionRow>(
    'SELECT * FROM connections WHERE organization_id = ? ORDER BY created_at, id',
    [organizationId],
  );
}

/** The connection of a social provider that all of the environment shares. */
export function sharedConnection(context: Context, type: ConnectionType): ConnectionRow | null {
  return context.database.get<ConnectionRow>(
    'SELECT * FROM connections WHERE environment_id = ? AND organization_id IS NULL AND connection_type = ?',
    [context.environment.id, type],
  );
}
