export { Deliverer } from './deliverer.ts';
export {
  type Attempt,
  type Delivery,
  type DeliveryFilter,
  listDeliveries,
  redeliver,
} from './deliveries.ts';
export type { DeliveryState } from './queue.ts';
