import type { Context } from '../../kit/context.ts';

export interface ApiKeyRow {
  readonly id: string;
  readonly organization_id: string;
  /** Null for a key of the organization itself. */
  readonly user_id: string | null;
  readonly name: string;
  readonly value_hash: string;
  readonly obfuscated_value: string;
  /** JSON. */
  readonly permissions: string;
  readonly last_used_at: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertApiKey(context: Context, row: ApiKeyRow): void {
  context.database.run(
    `INSERT INTO api_keys (id, environment_id, organization_id, user_id, name, value_hash, obfuscated_value,
       permissions, last_used_at, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.organization_id,
      row.user_id,
      row.name,
      row.value_hash,
      row.obfuscated_value,
      row.permissions,
      row.last_used_at,
      row.created_at,
      row.updated_at,
    ],
  );
}

export function apiKeyById(context: Context, id: string): ApiKeyRow | null {
  return context.database.get<ApiKeyRow>('SELECT * FROM api_keys WHERE environment_id = ? AND id = ?', [
    context.environment.id,
    id,
  ]);
}

export function apiKeyByHash(context: Context, valueHash: string): ApiKeyRow | null {
  return context.database.get<ApiKeyRow>(
    'SELECT * FROM api_keys WHERE environment_id = ? AND value_hash = ?',
    [context.environment.id, valueHash],
  );
}

/** The keys that go when an organization goes, its users' keys for it among them. */
export function apiKeysOfOrganization(context: Context, organizationId: string): ApiKeyRow[] {
  return context.database.all<ApiKeyRow>(
    'SELECT * FROM api_keys WHERE organization_id = ? ORDER BY created_at, id',
    [organizationId],
  );
}

/** A user's keys, all of them or those for one organization. */
export function apiKeysOfUser(context: Context, userId: string, organizationId: string | null): ApiKeyRow[] {
  return context.database.all<ApiKeyRow>(
    `SELECT * FROM api_keys WHERE environment_id = ? AND user_id = ? AND organization_id = coalesce(?, organization_id)
     ORDER BY created_at, id`,
    [context.environment.id, userId, organizationId],
  );
}

export function touchApiKey(context: Context, id: string, usedAt: string): void {
  context.database.run('UPDATE api_keys SET last_used_at = ? WHERE id = ?', [usedAt, id]);
}

export function deleteApiKeyRow(context: Context, id: string): void {
  context.database.run('DELETE FROM api_keys WHERE id = ?', [id]);
}
