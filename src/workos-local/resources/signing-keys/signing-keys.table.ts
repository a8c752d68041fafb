import type { Database } from '../../../sqlite/index.ts';

export interface SigningKeyRow {
  readonly id: string;
  /** PKCS #8 as PEM. */
  readonly private_key: string;
  /** X.509 as base 64. */
  readonly certificate: string;
  readonly created_at: string;
}

export function signingKeyOf(database: Database, environmentId: string): SigningKeyRow | null {
  return database.get<SigningKeyRow>(
    'SELECT id, private_key, certificate, created_at FROM signing_keys WHERE environment_id = ?',
    [environmentId],
  );
}

/** Keeps the key of an environment that has none; another process may have been faster. */
export function insertSigningKey(database: Database, environmentId: string, row: SigningKeyRow): void {
  database.run(
    `INSERT INTO signing_keys (environment_id, id, private_key, certificate, created_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
    [environmentId, row.id, row.private_key, row.certificate, row.created_at],
  );
}
