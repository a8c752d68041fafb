import type { Database } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';
import { notFound } from '../../kit/errors.ts';

export interface ExportRow {
  readonly id: string;
  readonly organization_id: string;
  readonly csv: string;
  /** What its URLs are signed with. */
  readonly secret: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export function insertExport(context: Context, row: ExportRow): void {
  context.database.run(
    `INSERT INTO audit_log_exports (id, environment_id, organization_id, csv, secret, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.organization_id,
      row.csv,
      row.secret,
      row.created_at,
      row.updated_at,
    ],
  );
}

/** @throws ApiError 404 */
export function requireExport(context: Context, id: string): ExportRow {
  const row = context.database.get<ExportRow>(
    'SELECT * FROM audit_log_exports WHERE environment_id = ? AND id = ?',
    [context.environment.id, id],
  );
  if (row === null) throw notFound('Audit Log export', id);
  return row;
}

/** An export of any environment: whoever asks shows a signed URL. */
export function exportById(database: Database, id: string): ExportRow | null {
  return database.get<ExportRow>('SELECT * FROM audit_log_exports WHERE id = ?', [id]);
}
