import { timingSafeEqual } from 'node:crypto';
import type { Database } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';
import { type Environment, environmentOfClient, hashSecret } from '../../kit/environments.ts';
import { oauthError } from '../../kit/errors.ts';

/** The application that asks, as it says of itself. */
export interface Client {
  readonly client_id: string;
  /** The environment's API key. */
  readonly client_secret?: string;
}

/** @throws ApiError 400 `invalid_client` */
export function clientEnvironment(database: Database, clientId: string): Environment {
  const environment = environmentOfClient(database, clientId);
  if (environment === null) throw oauthError(400, 'invalid_client', 'The client id is not known here.');
  return environment;
}

/**
 * Whether a client has shown its secret. One that is wrong is refused whatever it is for; to show none is for the
 * grant to allow.
 *
 * @throws ApiError 400 `invalid_client`
 */
export function hasSecret(context: Context, { client_secret }: Client): boolean {
  if (client_secret === undefined) return false;
  const row = context.database.get<{ api_key_hash: string }>(
    'SELECT api_key_hash FROM environments WHERE id = ?',
    [context.environment.id],
  );
  const given = Buffer.from(hashSecret(client_secret));
  const isRight = row !== null && timingSafeEqual(Buffer.from(row.api_key_hash), given);
  if (!isRight) throw oauthError(400, 'invalid_client', 'This is not the secret of the client.');
  return true;
}
