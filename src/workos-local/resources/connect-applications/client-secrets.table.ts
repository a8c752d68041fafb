import { timingSafeEqual } from 'node:crypto';
import type { Context } from '../../kit/context.ts';
import { hashSecret } from '../../kit/environments.ts';

export interface ClientSecretRow {
  readonly id: string;
  readonly application_id: string;
  readonly secret_hash: string;
  /** The last characters of the secret. */
  readonly secret_hint: string;
  readonly last_used_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertClientSecret(context: Context, row: ClientSecretRow): void {
  context.database.run(
    `INSERT INTO connect_client_secrets (id, environment_id, application_id, secret_hash, secret_hint, last_used_at,
       created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.application_id,
      row.secret_hash,
      row.secret_hint,
      row.last_used_at,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function deleteClientSecretRow(context: Context, id: string): void {
  context.database.run('DELETE FROM connect_client_secrets WHERE id = ?', [id]);
}

export function clientSecretById(context: Context, id: string): ClientSecretRow | null {
  return context.database.get<ClientSecretRow>(
    'SELECT * FROM connect_client_secrets WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
}

/** The newest first. */
export function clientSecretsOf(context: Context, applicationId: string): ClientSecretRow[] {
  return context.database.all<ClientSecretRow>(
    'SELECT * FROM connect_client_secrets WHERE application_id = ? ORDER BY created_at DESC, id DESC',
    [applicationId],
  );
}

/** Whether a secret is one of an application's; its use is noted. Every one is compared, in constant time. */
export function useClientSecret(context: Context, applicationId: string, secret: string): boolean {
  const given = Buffer.from(hashSecret(secret));
  let used: string | null = null;
  for (const row of clientSecretsOf(context, applicationId)) {
    if (timingSafeEqual(given, Buffer.from(row.secret_hash))) used = row.id;
  }
  if (used === null) return false;
  context.database.run('UPDATE connect_client_secrets SET last_used_at = ? WHERE id = ?', [
    context.now,
    used,
  ]);
  return true;
}
