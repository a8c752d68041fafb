import type { Database } from '../../../sqlite/index.ts';
import { timestamp } from '../clock.ts';
import type { Context } from '../context.ts';
import { notFound } from '../errors.ts';
import type { EventRow } from '../events.ts';
import { type DeliveryState, queueDelivery } from './queue.ts';
import { waitAfter } from './schedule.ts';

/** One event on its way to one endpoint, with every attempt to send it. */
export interface Delivery {
  readonly id: string;
  readonly endpoint_id: string;
  readonly endpoint_url: string;
  readonly event_id: string;
  readonly event: string;
  readonly state: DeliveryState;
  /** When it is tried next; null when it is done with. */
  readonly next_attempt_at: string | null;
  readonly attempts: readonly Attempt[];
  readonly created_at: string;
  readonly updated_at: string;
}

export interface Attempt {
  readonly number: number;
  readonly attempted_at: string;
  /** The status of the answer, or null when there was none. */
  readonly status: number | null;
  /** What went wrong, or null. */
  readonly error: string | null;
  /** The beginning of the answer's body, or null. */
  readonly response: string | null;
}

/** A delivery that this process may send now. */
export interface Leased extends EventRow {
  readonly delivery_id: string;
  readonly endpoint_url: string;
  readonly secret: string;
}

export interface DeliveryFilter {
  readonly endpointId?: string;
  readonly state?: DeliveryState;
  /** At most this many; 100 unless said. */
  readonly limit?: number;
}

/** The endpoints that have something to be sent at a moment, by their ids. */
export function dueEndpoints(database: Database, now: number, machineTime: number): string[] {
  return database
    .all<{ id: string }>(
      `SELECT id FROM webhook_endpoints AS endpoint WHERE status = 'enabled' AND EXISTS (
         SELECT 1 FROM webhook_deliveries WHERE endpoint_id = endpoint.id AND state = 'pending'
           AND next_attempt_at <= ? AND leased_until <= ?)`,
      [timestamp(now), machineTime],
    )
    .map((row) => row.id);
}

/**
 * Takes the delivery of an endpoint that has been due for longest, so that no other process sends it meanwhile.
 *
 * @param machineTime milliseconds of the machine's own clock: a lease is between processes, and the server's clock
 *   may be moved
 */
export function lease(
  database: Database,
  endpointId: string,
  times: { readonly now: number; readonly machineTime: number; readonly until: number },
): Leased | null {
  return database.write(() => {
    const found = database.get<Leased>(
      `SELECT delivery.id AS delivery_id, endpoint.endpoint_url, endpoint.secret, events.*
       FROM webhook_deliveries AS delivery
       JOIN webhook_endpoints AS endpoint ON endpoint.id = delivery.endpoint_id AND endpoint.status = 'enabled'
       JOIN events ON events.id = delivery.event_id
       WHERE delivery.endpoint_id = ? AND delivery.state = 'pending' AND delivery.next_attempt_at <= ?
         AND delivery.leased_until <= ?
       ORDER BY delivery.next_attempt_at, delivery.id LIMIT 1`,
      [endpointId, timestamp(times.now), times.machineTime],
    );
    if (found !== null) {
      database.run('UPDATE webhook_deliveries SET leased_until = ? WHERE id = ?', [
        times.until,
        found.delivery_id,
      ]);
    }
    return found;
  });
}

/** Gives a delivery back that was taken and not sent. */
export function release(database: Database, deliveryId: string): void {
  database.run('UPDATE webhook_deliveries SET leased_until = 0 WHERE id = ?', [deliveryId]);
}

/** Keeps what came of sending a delivery, and decides when it is tried again. */
export function recordAttempt(
  database: Database,
  deliveryId: string,
  time: number,
  outcome: Pick<Attempt, 'status' | 'error' | 'response'>,
): void {
  const now = timestamp(time);
  database.write(() => {
    const delivery = database.get<{ attempts: number; state: DeliveryState }>(
      'SELECT attempts, state FROM webhook_deliveries WHERE id = ?',
      [deliveryId],
    );
    // Its endpoint may have been deleted while it was on the way.
    if (delivery === null) return;
    const number = delivery.attempts + 1;
    database.run(
      `INSERT INTO webhook_attempts (delivery_id, number, attempted_at, status, error, response)
       VALUES (?, ?, ?, ?, ?, ?)`,
      [deliveryId, number, now, outcome.status, outcome.error, outcome.response],
    );
    // A process that was stopped for longer than its lease may come late: what has arrived stays so.
    const arrived = delivery.state === 'delivered' || outcome.error === null;
    const wait = arrived ? null : waitAfter(number);
    database.run(
      `UPDATE webhook_deliveries SET attempts = ?, state = ?, next_attempt_at = ?, leased_until = 0, updated_at = ?
       WHERE id = ?`,
      [
        number,
        arrived ? 'delivered' : wait === null ? 'failed' : 'pending',
        wait === null ? null : timestamp(time + wait),
        now,
        deliveryId,
      ],
    );
  });
}

/** The deliveries of an environment with all their attempts, the newest first. */
export function listDeliveries(
  database: Database,
  environmentId: string,
  { endpointId, state, limit = 100 }: DeliveryFilter = {},
): Delivery[] {
  return database
    .all<Omit<Delivery, 'attempts'> & { attempts: string }>(
      `SELECT delivery.id, delivery.endpoint_id, endpoint.endpoint_url, delivery.event_id, events.event,
         delivery.state, delivery.next_attempt_at, delivery.created_at, delivery.updated_at,
         (SELECT json_group_array(json_object('number', number, 'attempted_at', attempted_at, 'status', status,
            'error', error, 'response', response)) FROM (
              SELECT * FROM webhook_attempts WHERE delivery_id = delivery.id ORDER BY number
          )) AS attempts
       FROM webhook_deliveries AS delivery
       JOIN webhook_endpoints AS endpoint ON endpoint.id = delivery.endpoint_id
       JOIN events ON events.id = delivery.event_id
       WHERE delivery.environment_id = ? AND (? IS NULL OR delivery.endpoint_id = ?)
         AND (? IS NULL OR delivery.state = ?)
       ORDER BY delivery.created_at DESC, delivery.id DESC LIMIT ?`,
      [environmentId, endpointId ?? null, endpointId ?? null, state ?? null, state ?? null, limit],
    )
    .map((row) => ({ ...row, attempts: JSON.parse(row.attempts) as Attempt[] }));
}

/**
 * Sends the event of a delivery to its endpoint once more, as a delivery of its own.
 *
 * @returns the id of the new delivery
 * @throws ApiError 404
 */
export function redeliver(context: Context, deliveryId: string): string {
  const delivery = context.database.get<{ endpoint_id: string; event_id: string }>(
    'SELECT endpoint_id, event_id FROM webhook_deliveries WHERE environment_id = ? AND id = ?',
    [context.environment.id, deliveryId],
  );
  if (delivery === null) throw notFound('Webhook delivery', deliveryId);
  return queueDelivery(context, delivery.endpoint_id, delivery.event_id);
}
