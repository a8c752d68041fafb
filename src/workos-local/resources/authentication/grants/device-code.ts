import { second } from '../../../kit/clock.ts';
import type { Context } from '../../../kit/context.ts';
import { oauthError } from '../../../kit/errors.ts';
import { Refusal } from '../../../operation.ts';
import {
  type DeviceAuthorizationRow,
  deviceAuthorization,
  updateDeviceAuthorization,
} from '../../device-authorizations/device-authorizations.table.ts';
import { beginSession } from '../../sessions/session.ts';
import { sessionById } from '../../sessions/sessions.table.ts';
import { tokensOf } from '../answer.ts';
import type { Asker, GrantAnswer, GrantBody } from './grant.ts';

/** What asking too often adds to the time between two questions, in seconds (RFC 8628, section 3.5). */
const penalty = 5;

export function authenticateWithDeviceCode(
  context: Context,
  body: GrantBody<'urn:ietf:params:oauth:grant-type:device_code'>,
  asker: Asker,
): GrantAnswer {
  const row = deviceAuthorization(context, body.device_code);
  if (row === null || row.state === 'used') {
    throw oauthError(400, 'invalid_grant', 'The device code is unknown, or has been used.');
  }
  if (context.now >= row.expires_at) throw oauthError(400, 'expired_token', 'The device code has expired.');
  if (row.state === 'denied') {
    throw oauthError(400, 'access_denied', 'The user has declined the request of the device.');
  }
  const confirmed = row.session_id === null ? null : sessionById(context, row.session_id);
  if (row.state === 'pending' || confirmed === null) return waiting(context, row);
  updateDeviceAuthorization(context.database, { ...row, state: 'used' });
  // The device has a session of its own: leaving the browser's does not end it.
  const session = beginSession(context, {
    userId: confirmed.user_id,
    organizationId: confirmed.organization_id,
    method: confirmed.method,
    isPublic: true,
    device: asker.device,
  });
  return tokensOf(context, session, asker.key);
}

/** Remembers when the device asked, so that one that asks too often is slowed down. */
function waiting(context: Context, row: DeviceAuthorizationRow): Refusal {
  const isTooSoon = row.polled_at !== null && context.time - row.polled_at < row.interval * second;
  const interval = isTooSoon ? row.interval + penalty : row.interval;
  updateDeviceAuthorization(context.database, { ...row, polled_at: context.time, interval });
  return new Refusal(
    isTooSoon
      ? oauthError(400, 'slow_down', `Ask again in ${interval} seconds.`)
      : oauthError(400, 'authorization_pending', 'The user has not confirmed the device yet.'),
  );
}
