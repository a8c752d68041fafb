import type { Context } from '../../kit/context.ts';
import { conflict, unprocessable } from '../../kit/errors.ts';
import { listOf, listPage } from '../../kit/list.ts';
import { randomToken } from '../../kit/random.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import {
  deleteEndpointRow,
  type EndpointRow,
  endpointByUrl,
  insertEndpoint,
  requireEndpoint,
  updateEndpoint,
} from './webhook-endpoints.table.ts';

export const webhookEndpoints = {
  WebhookEndpointsController_list: (context, { query }) => {
    const page = listPage<EndpointRow>(context, query, { table: 'webhook_endpoints', prefix });
    return listOf(page, serializeEndpoint);
  },

  WebhookEndpointsController_create: (context, { body }) => createEndpoint(context, body),

  WebhookEndpointsController_update: (context, { path, body }) => {
    const before = requireEndpoint(context, path.id);
    const changed: EndpointRow = {
      ...before,
      endpoint_url:
        body.endpoint_url === undefined ? before.endpoint_url : urlOf(context, body.endpoint_url, before.id),
      status: body.status ?? before.status,
      events: body.events === undefined ? before.events : eventsOf(body.events),
    };
    const isSame =
      changed.endpoint_url === before.endpoint_url &&
      changed.status === before.status &&
      changed.events === before.events;
    if (isSame) return serializeEndpoint(before);
    const after = { ...changed, updated_at: context.now };
    updateEndpoint(context, after);
    return serializeEndpoint(after);
  },

  WebhookEndpointsController_delete: (context, { path }) => {
    deleteEndpointRow(context, requireEndpoint(context, path.id).id);
    return undefined;
  },
} satisfies Resource<
  | 'WebhookEndpointsController_list'
  | 'WebhookEndpointsController_create'
  | 'WebhookEndpointsController_update'
  | 'WebhookEndpointsController_delete'
>;

export type NewEndpoint = OperationRequest<'WebhookEndpointsController_create'>['body'];

const prefix = 'we_';

/** @throws ApiError 409 when the URL has an endpoint, 422 when it is none */
export function createEndpoint(context: Context, body: NewEndpoint): ReturnType<typeof serializeEndpoint> {
  const row: EndpointRow = {
    id: context.newId(prefix),
    endpoint_url: urlOf(context, body.endpoint_url, null),
    secret: `whsec_${randomToken(context.random, 25)}`,
    status: 'enabled',
    events: eventsOf(body.events),
    created_at: context.now,
    updated_at: context.now,
  };
  insertEndpoint(context, row);
  return serializeEndpoint(row);
}

/** Names asked for twice are asked for once. */
function eventsOf(events: readonly string[]): string {
  return JSON.stringify([...new Set(events)]);
}

/** WorkOS asks for https; here the endpoint is most often on the same machine. */
function urlOf(context: Context, text: string, ownId: string | null): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.hostname === '') {
    throw unprocessable('invalid_url', 'endpoint_url must be a whole http or https URL.');
  }
  const other = endpointByUrl(context, text);
  if (other !== null && other.id !== ownId) {
    throw conflict('duplicate_endpoint', `There is an endpoint for this URL already: ${other.id}.`);
  }
  return text;
}

function serializeEndpoint(row: EndpointRow) {
  return {
    object: 'webhook_endpoint' as const,
    id: row.id,
    endpoint_url: row.endpoint_url,
    secret: row.secret,
    status: row.status,
    // Written by this server from a checked list.
    events: JSON.parse(row.events) as string[],
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
