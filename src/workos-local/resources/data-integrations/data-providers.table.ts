import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';

/** A service that users can connect their accounts of. */
export interface DataProviderRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string | null;
  /** JSON: names. */
  readonly scopes: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export function dataProvidersOf(context: Context): DataProviderRow[] {
  return context.database.all<DataProviderRow>(
    'SELECT * FROM data_providers WHERE environment_id = ? ORDER BY created_at, id',
    [context.environment.id],
  );
}

/** @throws ApiError 404 */
export function requireDataProvider(context: Context, slug: string): DataProviderRow {
  const row = context.database.get<DataProviderRow>(
    'SELECT * FROM data_providers WHERE environment_id = ? AND slug = ?',
    [context.environment.id, slug],
  );
  if (row === null) throw notFound('Data integration', slug);
  return row;
}

export function requestedScopesOf(row: DataProviderRow): string[] {
  // Written by this server from a list.
  return JSON.parse(row.scopes) as string[];
}
