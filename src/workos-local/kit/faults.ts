import type { Database } from '../../sqlite/index.ts';
import { ApiError } from './errors.ts';

/** Something that goes wrong on purpose, so that a client's behaviour can be tested. */
export interface Fault {
  readonly id: string;
  /** Null: in every environment. */
  readonly environment_id: string | null;
  /** The full name of an operation; null: any. */
  readonly operation: string | null;
  /** The status of the answer; null: the request is answered as always. */
  readonly status: number | null;
  /** Seconds of its `Retry-After` header. */
  readonly retry_after: number | null;
  /** Milliseconds before anything happens. */
  readonly latency: number;
  /** The connection breaks: before anything is done (`request`), or when all is done and would be answered (`answer`). */
  readonly drops: 'request' | 'answer' | null;
  /** How many more requests meet it; null: all. */
  readonly remaining: number | null;
  readonly created_at: string;
}

/** The connection breaks without an answer. The only thing that `handle` rejects with. */
export class DroppedConnection extends Error {
  override readonly name = 'DroppedConnection';

  constructor() {
    super('A fault broke the connection.');
  }
}

/** The oldest fault that a request meets, which has one turn less after it; null when all goes well. */
export function takeFault(database: Database, operation: string, environmentId: string): Fault | null {
  const select = `SELECT * FROM faults WHERE (operation IS NULL OR operation = ?)
    AND (environment_id IS NULL OR environment_id = ?) ORDER BY created_at, id LIMIT 1`;
  const find = () => database.get<Fault>(select, [operation, environmentId]);
  const seen = find();
  if (seen?.remaining == null) return seen;
  return database.write(() => {
    // Another request may have had its last turn since.
    const fault = find();
    if (fault?.remaining == null) return fault;
    if (fault.remaining <= 1) database.run('DELETE FROM faults WHERE id = ?', [fault.id]);
    else database.run('UPDATE faults SET remaining = remaining - 1 WHERE id = ?', [fault.id]);
    return fault;
  });
}

/**
 * Lets a fault happen to a request, before anything is done of it.
 *
 * @throws DroppedConnection
 * @throws ApiError with the fault's status
 */
export async function suffer(fault: Fault): Promise<void> {
  if (fault.latency > 0) await new Promise((resolve) => setTimeout(resolve, fault.latency));
  if (fault.drops === 'request') throw new DroppedConnection();
  if (fault.status === null) return;
  const headers: Record<string, string> =
    fault.retry_after === null ? {} : { 'retry-after': String(fault.retry_after) };
  const body = { message: 'A fault that was set on the local server.', code: codes[fault.status] ?? 'fault' };
  throw new ApiError(fault.status, body, headers);
}

const codes: Readonly<Record<number, string>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'entity_not_found',
  429: 'rate_limit_exceeded',
  500: 'internal_server_error',
  503: 'service_unavailable',
};
