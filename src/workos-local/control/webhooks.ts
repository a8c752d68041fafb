import type { Environment } from '../kit/environments.ts';
import { type Delivery, type DeliveryFilter, listDeliveries, redeliver } from '../kit/webhooks/index.ts';
import type { PageHost } from '../pages/host.ts';
import { inEnvironment } from './in-environment.ts';

/** What was sent to webhook endpoints, or waits to be, with every attempt; the newest first. */
export function readDeliveries(
  host: PageHost,
  environment: Environment,
  filter: DeliveryFilter = {},
): Delivery[] {
  return listDeliveries(host.database, environment.id, filter);
}

/**
 * Sends an event to its endpoint once more.
 *
 * @returns the id of the new delivery
 * @throws ApiError 404
 */
export function redeliverTo(host: PageHost, environment: Environment, deliveryId: string): string {
  return inEnvironment(host, environment, (context) => redeliver(context, deliveryId));
}
