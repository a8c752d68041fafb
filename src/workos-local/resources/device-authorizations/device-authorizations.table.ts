import type { Database } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';
import { hashSecret } from '../../kit/environments.ts';

export interface DeviceAuthorizationRow {
  readonly device_code_hash: string;
  readonly environment_id: string;
  readonly user_code: string;
  readonly state: 'pending' | 'approved' | 'denied' | 'used';
  /** The session of who confirmed it. */
  readonly session_id: string | null;
  /** Seconds. */
  readonly interval: number;
  /** Milliseconds since 1970. */
  readonly polled_at: number | null;
  readonly expires_at: string;
  readonly created_at: string;
}

export function insertDeviceAuthorization(context: Context, row: DeviceAuthorizationRow): void {
  context.database.run(
    `INSERT INTO device_authorizations (device_code_hash, environment_id, user_code, state, session_id, interval,
       polled_at, expires_at, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.device_code_hash,
      row.environment_id,
      row.user_code,
      row.state,
      row.session_id,
      row.interval,
      row.polled_at,
      row.expires_at,
      row.created_at,
    ],
  );
}

export function updateDeviceAuthorization(database: Database, row: DeviceAuthorizationRow): void {
  database.run(
    `UPDATE device_authorizations SET state = ?, session_id = ?, interval = ?, polled_at = ?
     WHERE device_code_hash = ?`,
    [row.state, row.session_id, row.interval, row.polled_at, row.device_code_hash],
  );
}

export function deviceAuthorization(context: Context, deviceCode: string): DeviceAuthorizationRow | null {
  return context.database.get<DeviceAuthorizationRow>(
    'SELECT * FROM device_authorizations WHERE environment_id = ? AND device_code_hash = ?',
    [context.environment.id, hashSecret(deviceCode)],
  );
}

/** What a user types is unique among all environments: it says which one it is in. */
export function deviceAuthorizationByUserCode(
  database: Database,
  userCode: string,
): DeviceAuthorizationRow | null {
  return database.get<DeviceAuthorizationRow>('SELECT * FROM device_authorizations WHERE user_code = ?', [
    userCode,
  ]);
}
