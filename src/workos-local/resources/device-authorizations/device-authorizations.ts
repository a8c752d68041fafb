import { minute, timestamp } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { hashSecret } from '../../kit/environments.ts';
import { randomText, randomToken } from '../../kit/random.ts';
import type { Resource } from '../../operation.ts';
import { clientEnvironment } from '../authentication/client.ts';
import { insertDeviceAuthorization } from './device-authorizations.table.ts';

const minutes = 5;
/** Seconds between two questions of a device. */
const interval = 5;
/** Letters that make no words and are not taken for one another (RFC 8628, section 6.1). */
const letters = 'BCDFGHJKLMNPQRSTVWXZ';
const devicePage = '/device';

export const deviceAuthorizations = {
  UserlandSsoController_deviceAuthorization: {
    environmentOf: (database, { body }) => clientEnvironment(database, body.client_id),
    prepare: async () => (context) => {
      const device_code = randomToken(context.random, 64);
      const user_code = newUserCode(context);
      insertDeviceAuthorization(context, {
        device_code_hash: hashSecret(device_code),
        environment_id: context.environment.id,
        user_code,
        state: 'pending',
        session_id: null,
        interval,
        polled_at: null,
        expires_at: timestamp(context.time + minutes * minute),
        created_at: context.now,
      });
      const verification_uri = `${context.baseUrl}${devicePage}`;
      return {
        device_code,
        user_code,
        verification_uri,
        verification_uri_complete: `${verification_uri}?user_code=${user_code}`,
        expires_in: minutes * 60,
        interval,
      };
    },
  },
} satisfies Resource<'UserlandSsoController_deviceAuthorization'>;

/** What a user types, in the form in which it is shown: BCDF-GHJK. */
function newUserCode(context: Context): string {
  const text = randomText(context.random, letters, 8);
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}

/** A code as it was typed in the form in which it is kept: people leave out dashes, and write small. */
export function userCodeOf(typed: string): string {
  const text = typed.toUpperCase().replaceAll(/[^A-Z]/g, '');
  return `${text.slice(0, 4)}-${text.slice(4)}`;
}
