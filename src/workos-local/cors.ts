import type { Database } from '../sqlite/index.ts';
import type { LocalRequest, LocalResponse } from './dispatch.ts';
import { isCorsOrigin } from './resources/redirect-uris/cors-origins.ts';

/** How long a browser remembers what it may ask, in seconds. */
const remembered = 600;

/**
 * The answer to a browser that asks whether a page of another origin may call an operation. It is `withCors` that
 * gives leave.
 *
 * @param request to a path that has an operation for the method that the browser asks about
 */
export function preflightAnswer(request: LocalRequest, requestId: string): LocalResponse {
  const { headers } = request;
  return {
    status: 204,
    headers: {
      'x-request-id': requestId,
      'access-control-allow-methods': headers['access-control-request-method'] ?? '',
      'access-control-allow-headers': headers['access-control-request-headers'] ?? '',
      'access-control-max-age': String(remembered),
    },
    body: '',
  };
}

/**
 * An answer of an operation with leave for the page that asked for it to read it, when its origin is registered. The
 * browser asks before it has shown a key, so an origin of any environment counts.
 */
export function withCors(database: Database, request: LocalRequest, answer: LocalResponse): LocalResponse {
  const { origin } = request.headers;
  if (origin === undefined || !isCorsOrigin(database, origin)) return answer;
  return {
    ...answer,
    headers: {
      ...answer.headers,
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-request-id',
      vary: 'origin',
    },
  };
}
