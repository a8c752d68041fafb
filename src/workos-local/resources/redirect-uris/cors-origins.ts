import { type Database, isUniqueViolation } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';
import { conflict, invalidField } from '../../kit/errors.ts';
import type { Resource } from '../../operation.ts';

export const corsOrigins = {
  CorsOriginsController_createCorsOrigin: (context, { body }) => createCorsOrigin(context, body.origin),
} satisfies Resource<'CorsOriginsController_createCorsOrigin'>;

/**
 * Lets the pages of an origin call the API.
 *
 * @throws ApiError 422 when it is none, 409 when it is there already
 */
export function createCorsOrigin(context: Context, origin: string) {
  const row = {
    object: 'cors_origin' as const,
    id: context.newId('cors_origin_'),
    origin: originOf(origin),
    created_at: context.now,
    updated_at: context.now,
  };
  insert(context, row);
  return row;
}

/** Whether an origin is registered in any environment. */
export function isCorsOrigin(database: Database, origin: string): boolean {
  return (
    database.get(
      `SELECT 1 FROM environments JOIN cors_origins
         ON cors_origins.environment_id = environments.id AND cors_origins.origin = ?`,
      [origin],
    ) !== null
  );
}

interface CorsOriginRow {
  readonly id: string;
  readonly origin: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** @throws ApiError 409 */
function insert(context: Context, row: CorsOriginRow): void {
  try {
    context.database.run(
      'INSERT INTO cors_origins (id, environment_id, origin, created_at, updated_at) VALUES (?, ?, ?, ?, ?)',
      [row.id, context.environment.id, row.origin, row.created_at, row.updated_at],
    );
  } catch (error) {
    if (isUniqueViolation(error)) {
      throw conflict('duplicate_cors_origin', `CORS origin '${row.origin}' already exists.`);
    }
    throw error;
  }
}

/** An origin in the form in which browsers send it. */
function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOrigin = url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
  if (!isOrigin) {
    throw invalidField(
      'origin',
      'invalid_origin',
      'origin is a scheme, a host and a port: https://example.com',
    );
  }
  return url.origin;
}
