import { day, timestamp } from './clock.ts';
import type { Context } from './context.ts';
import { hashSecret } from './environments.ts';
import { ApiError } from './errors.ts';

/** An answer as it goes out. */
export interface KeptAnswer {
  readonly status: number;
  /** JSON, or an empty text. */
  readonly body: string;
  /** Where a redirect leads. */
  readonly location?: string;
}

interface KeptRow extends KeptAnswer {
  readonly request_hash: string;
}

const longestKey = 255;

/**
 * Does a write once for each idempotency key: the same key with the same request gets the first answer again. Keys
 * are kept for a day.
 *
 * @param given the key as it came; without one the request itself is its key, as WorkOS's documentation says, so that
 *   sending the same again does nothing more
 * @param operation.request what must be the same: the path and the body as they came
 * @throws ApiError 409 when the key came before with another request
 */
export function once(
  context: Context,
  given: string | undefined,
  operation: { readonly id: string; readonly request: string },
  work: () => KeptAnswer,
): KeptAnswer {
  const { database, environment } = context;
  if (given !== undefined && given.length > longestKey) {
    throw new ApiError(400, {
      message: `An idempotency key has up to ${longestKey} characters.`,
      code: 'invalid_idempotency_key',
    });
  }
  const hash = hashSecret(operation.request);
  const key = given ?? `request ${hash}`;
  const kept = database.get<KeptRow>(
    'SELECT status, body, request_hash FROM idempotency_keys WHERE environment_id = ? AND operation = ? AND key = ? AND created_at > ?',
    [environment.id, operation.id, key, timestamp(context.time - day)],
  );
  if (kept !== null && kept.request_hash !== hash) {
    throw new ApiError(409, {
      message: 'This idempotency key came before with another request.',
      code: 'idempotency_key_reused',
    });
  }
  if (kept !== null) return { status: kept.status, body: kept.body };
  const answer = work();
  database.run(
    'INSERT OR REPLACE INTO idempotency_keys (environment_id, operation, key, request_hash, status, body, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    [environment.id, operation.id, key, hash, answer.status, answer.body, context.now],
  );
  return answer;
}
