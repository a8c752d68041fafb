import type { Context } from '../kit/context.ts';
import type { Environment } from '../kit/environments.ts';
import { readCookie, writeCookie } from '../pages/cookies.ts';
import type { PageHost } from '../pages/host.ts';
import { sessionStatusAt } from '../resources/sessions/session.ts';
import { type SessionRow, sessionById } from '../resources/sessions/sessions.table.ts';
import type { Visit } from './flow-visit.ts';

const cookie = (environment: Environment) => ({ name: 'session', environment });
const days = 30;

/** The id of the session this browser signed in to last; whether it still goes on is for `goesOn`. */
export function rememberedSession(
  c: Visit,
  host: PageHost,
  environment: Environment,
): Promise<string | null> {
  return readCookie(c, host, cookie(environment));
}

export function rememberSession(
  c: Visit,
  host: PageHost,
  environment: Environment,
  session: SessionRow,
): Promise<void> {
  return writeCookie(c, host, cookie(environment), session.id, days * 24 * 60 * 60);
}

/** A session by its id, as long as it goes on: one that was logged out of is none. */
export function goesOn(context: Context, sessionId: string | null): SessionRow | null {
  const row = sessionId === null ? null : sessionById(context, sessionId);
  return row !== null && sessionStatusAt(row, context.now) === 'active' ? row : null;
}
