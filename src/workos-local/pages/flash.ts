import type { Context } from 'hono';
import { type PageCookie, writeCookie } from './cookies.ts';
import type { Flash, PageEnv, PageHost } from './host.ts';

export const flashCookie: PageCookie = { name: 'flash', environment: null };

/** Says something on the next page; for a handler that is about to redirect. */
export async function flash(
  c: Context<PageEnv>,
  host: PageHost,
  kind: Flash['kind'],
  text: string,
): Promise<void> {
  await writeCookie(c, host, flashCookie, `${kind} ${text}`, 60);
}

/** Reads what `flash` wrote; the signature has been checked. */
export function parseFlash(value: string): Flash {
  const space = value.indexOf(' ');
  return { kind: value.slice(0, space) === 'failed' ? 'failed' : 'done', text: value.slice(space + 1) };
}
