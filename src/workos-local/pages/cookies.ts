import type { Context } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';
import type { Environment } from '../kit/environments.ts';
import type { AreaEnv, PageHost } from './host.ts';
import { cookieKey } from './secrets.ts';

/** A cookie of the server's pages: signed, out of the reach of scripts, and apart for each environment. */
export interface PageCookie {
  /** Letters and underscores: `session`. */
  readonly name: string;
  /** Null for one of the whole server. */
  readonly environment: Environment | null;
}

/** The value that was set; null when there is none, or it is not one this server has signed. */
export async function readCookie<Env extends AreaEnv>(
  c: Context<Env>,
  host: PageHost,
  cookie: PageCookie,
): Promise<string | null> {
  if (!c.req.header('cookie')?.includes(nameOf(cookie))) return null;
  const value = await getSignedCookie(c, cookieKey(host.database, cookie.environment), nameOf(cookie));
  return value === undefined || value === false ? null : value;
}

/** @param maxAge seconds; without it the cookie goes when the browser closes */
export async function writeCookie<Env extends AreaEnv>(
  c: Context<Env>,
  host: PageHost,
  cookie: PageCookie,
  value: string,
  maxAge?: number,
): Promise<void> {
  await setSignedCookie(c, nameOf(cookie), value, cookieKey(host.database, cookie.environment), {
    ...attributes,
    ...(maxAge === undefined ? {} : { maxAge }),
  });
}

export function clearCookie<Env extends AreaEnv>(c: Context<Env>, cookie: PageCookie): void {
  deleteCookie(c, nameOf(cookie), attributes);
}

// Lax: an application's redirect to the sign-in page must find the session. Not Secure: this is http on loopback.
const attributes = { path: '/', httpOnly: true, sameSite: 'Lax' } as const;

function nameOf({ name, environment }: PageCookie): string {
  return environment === null ? `kosmo_${name}` : `kosmo_${name}_${environment.id}`;
}
