import { createHash, timingSafeEqual } from 'node:crypto';

/** The header in which a page of the site proves that it is one. */
export const runHeader = 'x-kosmo-run';

/**
 * Whether a request was meant for this server: its `Host` is the address that it listens on. A name of somebody else's
 * that was pointed at this machine is not, so no page of theirs can read anything here.
 * @param host the header
 */
export function isMeantForUs(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}

/** What is looked at of a request for a run. */
export interface RunHeaders {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, which older browsers do not send. */
  readonly site: string | undefined;
  readonly contentType: string | undefined;
  readonly token: string | undefined;
}

/**
 * Whether a page of this server asks for a run: it comes from the same origin, says so in JSON, which no form can, and
 * holds the token that only this server's pages were given.
 */
export function mayRun(headers: RunHeaders, token: string): boolean {
  const { host, origin, site, contentType } = headers;
  if (origin === undefined || origin !== `http://${host}`) return false;
  if (site !== undefined && site !== 'same-origin') return false;
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') return false;
  return isSame(headers.token ?? '', token);
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
