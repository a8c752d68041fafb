import type { Context } from './context.ts';
import { queueDeliveries } from './webhooks/queue.ts';

export interface EventRow {
  readonly id: string;
  readonly event: string;
  readonly organization_id: string | null;
  /** The object as it was served at that moment, as JSON. */
  readonly data: string;
  /** What it says beside that, as JSON; null for most. */
  readonly context: string | null;
  readonly created_at: string;
}

/**
 * Records that something happened, and that the endpoints which asked for it are to hear of it, in the transaction of
 * the change itself.
 *
 * @param data the object as the API serves it
 * @param organizationId the organization it belongs to, for the filter of the events list
 * @param about the event's `context`, where the document names one
 */
export function emit(
  context: Context,
  event: string,
  data: object,
  organizationId: string | null = null,
  about: object | null = null,
): void {
  const id = context.newId('event_');
  context.database.run(
    `INSERT INTO events (id, environment_id, event, organization_id, data, context, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      context.environment.id,
      event,
      organizationId,
      JSON.stringify(data),
      about === null ? null : JSON.stringify(about),
      context.now,
    ],
  );
  queueDeliveries(context, id, event);
}

/** An event as the API lists it and as webhooks carry it. */
export function serializeEvent({ id, event, data, context, created_at }: EventRow) {
  return {
    object: 'event' as const,
    id,
    event,
    // Written by this server.
    data: JSON.parse(data) as object,
    ...(context === null ? {} : { context: JSON.parse(context) as object }),
    created_at,
  };
}
