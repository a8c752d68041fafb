import type { Context } from '../../kit/context.ts';
import { emit } from '../../kit/events.ts';
import type { Device } from '../sessions/session.ts';

/** What somebody showed, or failed to show, of who they are. */
export type AuthenticationType = 'password' | 'magic_auth' | 'oauth' | 'email_verification' | 'mfa';

interface Somebody {
  readonly id: string | null;
  readonly email: string | null;
}

/** Tells that somebody has shown who they are. */
export function tellSuccess(
  context: Context,
  type: AuthenticationType,
  user: { readonly id: string; readonly email: string },
  device: Device,
): void {
  emit(context, `authentication.${type}_succeeded`, common(type, 'succeeded', user, device));
}

/** Tells that somebody has failed to show who they are: an address that nobody has is told of as well. */
export function tellFailure(
  context: Context,
  type: AuthenticationType,
  somebody: Somebody,
  device: Device,
  error: { readonly code: string; readonly message: string },
): void {
  const { code, message } = error;
  emit(context, `authentication.${type}_failed`, {
    ...common(type, 'failed', somebody, device),
    error: { code, message },
  });
}

/** Tells of a sign-in by a connection: that it began, and what came of it. */
export function tellSso(
  context: Context,
  status: 'started' | 'succeeded' | 'failed',
  somebody: Somebody,
  device: Device,
  connection: { readonly id: string; readonly organization_id: string | null },
  error?: { readonly code: string; readonly message: string },
): void {
  const { id: connection_id, organization_id } = connection;
  emit(
    context,
    `authentication.sso_${status}`,
    {
      ...common('sso', status, somebody, device),
      sso: { organization_id, connection_id, session_id: null },
      ...(error === undefined ? {} : { error }),
    },
    organization_id,
  );
}

function common(type: AuthenticationType | 'sso', status: string, somebody: Somebody, device: Device) {
  return {
    type,
    status,
    ip_address: device.ipAddress,
    user_agent: device.userAgent,
    user_id: somebody.id,
    email: somebody.email,
  };
}
