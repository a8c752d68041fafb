import { second, timestamp } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { hashSecret } from '../../kit/environments.ts';
import { emit } from '../../kit/events.ts';
import { randomToken } from '../../kit/random.ts';
import { settingsOf } from '../sign-in-settings/sign-in-settings.ts';
import { type AuthenticationMethod, sessionMethodOf } from './authentication-method.ts';
import {
  insertRefreshToken,
  insertSession,
  type SessionRow,
  sessionsOfUser,
  updateSession,
} from './sessions.table.ts';

/** What is known of where somebody signs in from. */
export interface Device {
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
}

/** Somebody who is in a session in place of its user. */
export interface Impersonator {
  readonly email: string;
  readonly reason: string | null;
}

export type SessionStatus = 'active' | 'expired' | 'revoked';

export function sessionStatusAt(
  row: Pick<SessionRow, 'revoked_at' | 'expires_at'>,
  now: string,
): SessionStatus {
  if (row.revoked_at !== null) return 'revoked';
  return now < row.expires_at ? 'active' : 'expired';
}

/** A session as the API serves it and its events tell of it. */
export function serializeSession(row: SessionRow, now: string) {
  return {
    object: 'session' as const,
    id: row.id,
    user_id: row.user_id,
    ...(row.organization_id === null ? {} : { organization_id: row.organization_id }),
    ip_address: row.ip_address,
    user_agent: row.user_agent,
    auth_method: sessionMethodOf(row.method),
    ...impersonatorOf(row),
    status: sessionStatusAt(row, now),
    expires_at: row.expires_at,
    ended_at: row.revoked_at ?? (now < row.expires_at ? null : row.expires_at),
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** Who is in a session in place of its user, as answers and events name them. */
export function impersonatorOf({ impersonator }: SessionRow): { impersonator?: Impersonator } {
  // Written by this server.
  return impersonator === null ? {} : { impersonator: JSON.parse(impersonator) as Impersonator };
}

/** Begins a session of somebody who has signed in, and tells of it. */
export function beginSession(
  context: Context,
  session: {
    readonly userId: string;
    readonly organizationId: string | null;
    readonly method: AuthenticationMethod;
    readonly isPublic: boolean;
    readonly device: Device;
    readonly impersonator?: Impersonator;
    /** How long it lasts, however often it is refreshed, in milliseconds; as the environment has it unless said. */
    readonly length?: number;
  },
): SessionRow {
  const { impersonator, length = lengthOfSessions(context) } = session;
  const row: SessionRow = {
    id: context.newId('session_'),
    user_id: session.userId,
    organization_id: session.organizationId,
    method: session.method,
    is_public: session.isPublic ? 1 : 0,
    ip_address: session.device.ipAddress,
    user_agent: session.device.userAgent,
    expires_at: timestamp(context.time + length),
    revoked_at: null,
    impersonator: impersonator === undefined ? null : JSON.stringify(impersonator),
    created_at: context.now,
    updated_at: context.now,
  };
  insertSession(context, row);
  tell(context, 'session.created', row);
  return row;
}

function lengthOfSessions({ database, environment }: Context): number {
  return settingsOf(database, environment.id).session_length * second;
}

/** Moves a session to another organization, or to a client of another kind. */
export function changeSession(
  context: Context,
  before: SessionRow,
  changes: Partial<Pick<SessionRow, 'organization_id' | 'is_public'>>,
): SessionRow {
  const after = { ...before, ...changes };
  if (after.organization_id === before.organization_id && after.is_public === before.is_public) return before;
  const row = { ...after, updated_at: context.now };
  updateSession(context, row);
  return row;
}

/** Ends a session: its refresh tokens are worth nothing from now on. One that has ended stays as it is. */
export function revokeSession(context: Context, before: SessionRow): SessionRow {
  if (sessionStatusAt(before, context.now) !== 'active') return before;
  const row = { ...before, revoked_at: context.now, updated_at: context.now };
  updateSession(context, row);
  tell(context, 'session.revoked', row);
  return row;
}

export function revokeSessionsOfUser(context: Context, userId: string): void {
  for (const row of sessionsOfUser(context, userId)) revokeSession(context, row);
}

/** A new refresh token of a session. It is kept as a hash: nobody can read it again. */
export function newRefreshToken(context: Context, session: SessionRow): string {
  const token = randomToken(context.random, 25);
  insertRefreshToken(context, hashSecret(token), session.id);
  return token;
}

function tell(context: Context, event: 'session.created' | 'session.revoked', row: SessionRow): void {
  emit(context, event, serializeSession(row, context.now), row.organization_id);
}
