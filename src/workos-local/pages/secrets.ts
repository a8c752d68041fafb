import { randomBytes } from 'node:crypto';
import type { Database } from '../../sqlite/index.ts';
import type { Environment } from '../kit/environments.ts';

/** The key the cookies of an environment are signed with, or, for null, those of the whole server. */
export function cookieKey(database: Database, environment: Environment | null): Uint8Array<ArrayBuffer> {
  const owner = environment?.id ?? 'server';
  // Chance of the machine even where a test has set its own: a signature must not be one that can be worked out.
  database.run('INSERT OR IGNORE INTO page_secrets (owner, secret) VALUES (?, ?)', [owner, randomBytes(32)]);
  const row = database.get<{ secret: Uint8Array }>('SELECT secret FROM page_secrets WHERE owner = ?', [
    owner,
  ]);
  if (row === null) throw new Error('The key was made a moment ago.');
  return new Uint8Array(row.secret);
}
