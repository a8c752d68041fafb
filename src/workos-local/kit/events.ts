import type { Context } from './context.ts';

export interface EventRow {
  readonly id: string;
  readonly event: string;
  readonly organization_id: string | null;
  /** The object as it was served at that moment, as JSON. */
  readonly data: string;
  readonly created_at: string;
}

/**
 * Records that something happened, in the transaction of the change itself.
 *
 * @param data the object as the API serves it
 * @param organizationId the organization it belongs to, for the filter of the events list
 */
export function emit(
  context: Context,
  event: string,
  data: object,
  organizationId: string | null = null,
): void {
  context.database.run(
    'INSERT INTO events (id, environment_id, event, organization_id, data, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    [
      context.newId('event_'),
      context.environment.id,
      event,
      organizationId,
      JSON.stringify(data),
      context.now,
    ],
  );
}
