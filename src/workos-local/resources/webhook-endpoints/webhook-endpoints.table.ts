import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';

export interface EndpointRow {
  readonly id: string;
  readonly endpoint_url: string;
  readonly secret: string;
  readonly status: 'enabled' | 'disabled';
  /** JSON: the names of the events it asks for. */
  readonly events: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertEndpoint(context: Context, row: EndpointRow): void {
  context.database.run(
    `INSERT INTO webhook_endpoints (id, environment_id, endpoint_url, secret, status, events, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.endpoint_url,
      row.secret,
      row.status,
      row.events,
      row.created_at,
      row.updated_at,
    ],
  );
  subscribe(context, row);
}

export function updateEndpoint(context: Context, row: EndpointRow): void {
  context.database.run(
    'UPDATE webhook_endpoints SET endpoint_url = ?, status = ?, events = ?, updated_at = ? WHERE id = ?',
    [row.endpoint_url, row.status, row.events, row.updated_at, row.id],
  );
  context.database.run('DELETE FROM webhook_subscriptions WHERE endpoint_id = ?', [row.id]);
  subscribe(context, row);
}

/** Takes its deliveries with it. */
export function deleteEndpointRow(context: Context, id: string): void {
  context.database.run('DELETE FROM webhook_endpoints WHERE id = ?', [id]);
}

export function endpointByUrl(context: Context, url: string): EndpointRow | null {
  return context.database.get<EndpointRow>(
    'SELECT * FROM webhook_endpoints WHERE environment_id = ? AND endpoint_url = ?',
    [context.environment.id, url],
  );
}

/** @throws ApiError 404 */
export function requireEndpoint(context: Context, id: string): EndpointRow {
  const row = context.database.get<EndpointRow>(
    'SELECT * FROM webhook_endpoints WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
  if (row === null) throw notFound('Webhook endpoint', id);
  return row;
}

function subscribe(context: Context, row: EndpointRow): void {
  if (row.status !== 'enabled') return;
  context.database.run(
    `INSERT INTO webhook_subscriptions (environment_id, event, endpoint_id)
     SELECT ?, value, ? FROM json_each(?)`,
    [context.environment.id, row.id, row.events],
  );
}
