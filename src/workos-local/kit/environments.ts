import { createHash } from 'node:crypto';
import type { Database } from '../../sqlite/index.ts';

/** One isolated world of data. One API key opens one environment. */
export interface Environment {
  readonly id: string;
  readonly client_id: string;
}

interface NewEnvironment extends Environment {
  readonly name: string;
  readonly apiKey: string;
  readonly now: string;
}

/** The environment an API key opens, or null. */
export function environmentOfKey(database: Database, apiKey: string): Environment | null {
  return database.get<Environment>('SELECT id, client_id FROM environments WHERE api_key_hash = ?', [
    hashSecret(apiKey),
  ]);
}

export function environmentOfClient(database: Database, clientId: string): Environment | null {
  return database.get<Environment>('SELECT id, client_id FROM environments WHERE client_id = ?', [clientId]);
}

export function environmentById(database: Database, id: string): Environment | null {
  return database.get<Environment>('SELECT id, client_id FROM environments WHERE id = ?', [id]);
}

export function insertEnvironment(database: Database, environment: NewEnvironment): void {
  const { id, name, client_id, apiKey, now } = environment;
  database.run(
    'INSERT INTO environments (id, name, client_id, api_key_hash, created_at) VALUES (?, ?, ?, ?, ?)',
    [id, name, client_id, hashSecret(apiKey), now],
  );
}

/**
 * The form in which keys and tokens are kept. They are random and long, so one round of SHA-256 is enough: there is
 * nothing to guess.
 */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
