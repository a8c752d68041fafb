import type { Context } from '../context.ts';

export type DeliveryState = 'pending' | 'delivered' | 'failed';

/** Notes that an event is to be sent to every enabled endpoint that asked for its kind. */
export function queueDeliveries(context: Context, eventId: string, event: string): void {
  const endpoints = context.database.all<{ endpoint_id: string }>(
    'SELECT endpoint_id FROM webhook_subscriptions WHERE environment_id = ? AND event = ? ORDER BY endpoint_id',
    [context.environment.id, event],
  );
  for (const { endpoint_id } of endpoints) queueDelivery(context, endpoint_id, eventId);
}

/** Notes that an event is to be sent to an endpoint, at once. */
export function queueDelivery(context: Context, endpointId: string, eventId: string): string {
  const id = context.newId('webhook_delivery_');
  context.database.run(
    `INSERT INTO webhook_deliveries (id, environment_id, endpoint_id, event_id, state, attempts, next_attempt_at,
       leased_until, created_at, updated_at)
     VALUES (?, ?, ?, ?, 'pending', 0, ?, 0, ?, ?)`,
    [id, context.environment.id, endpointId, eventId, context.now, context.now, context.now],
  );
  return id;
}
