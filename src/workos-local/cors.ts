import type { Database } from '../sqlite/index.ts';
import { isCorsOrigin } from './resources/redirect-uris/cors-origins.ts';

type Headers = Readonly<Record<string, string>>;

/** How long a browser remembers what it may ask, in seconds. */
const remembered = 600;

/**
 * What to tell a browser that asks whether a page of another origin may call an operation. It is `corsHeaders` that
 * gives leave.
 *
 * @param asked the headers of the browser's question, by their names in lower case
 */
export function preflightHeaders(asked: Headers): Headers {
  return {
    'access-control-allow-methods': asked['access-control-request-method'] ?? '',
    'access-control-allow-headers': asked['access-control-request-headers'] ?? '',
    'access-control-max-age': String(remembered),
  };
}

/**
 * What lets the page that asked read an answer of an operation; nothing when its origin is not registered. The
 * browser asks before it has shown a key, so an origin of any environment counts.
 *
 * @param origin as the browser says it; undefined when no browser asks
 */
export function corsHeaders(database: Database, origin: string | undefined): Headers {
  if (origin === undefined || !isCorsOrigin(database, origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'x-request-id',
    vary: 'origin',
  };
}
