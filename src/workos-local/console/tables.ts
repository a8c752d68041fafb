import type { Database, SqlValue } from '../../sqlite/index.ts';
import { quoted, stateTables } from '../control/tables.ts';

/** Shown on pages of their own, or of no use to look at. */
const elsewhere = new Set([
  'environments',
  'events',
  'inbox',
  'idempotency_keys',
  'faults',
  'webhook_deliveries',
]);

/** The same on every row, or said by another column. */
const inTheWay = new Set(['environment_id', 'email_key']);

/** What nobody looks at a table for; it would only be in the way, or opens something. */
const secret = /(?:^|_)(?:hash|secret|token|password|private_key|signing_key|totp_secret|code|verifier)$/;

export interface BrowsableTable {
  readonly columns: readonly string[];
  /** Whether rows have an id of their own, by which one can be looked at. */
  readonly hasId: boolean;
}

/** The tables whose rows belong to an environment: the resources, whichever there are. */
export function browsableTables(database: Database): Map<string, BrowsableTable> {
  const found = new Map<string, BrowsableTable>();
  for (const [table, columns] of stateTables(database)) {
    if (elsewhere.has(table) || !columns.includes('environment_id')) continue;
    found.set(table, {
      columns: columns.filter((column) => !inTheWay.has(column)),
      hasId: columns.includes('id'),
    });
  }
  return found;
}

/** `organization_domains` → `Organization domains` */
export function titleOf(table: string): string {
  const words = table.replaceAll('_', ' ').replace(/^api\b/, 'API');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function isSecretColumn(column: string): boolean {
  return secret.test(column);
}

export function countRows(database: Database, table: string, environmentId: string): number {
  const sql = `SELECT count(*) AS rows FROM ${quoted(table)} WHERE environment_id = ?`;
  return database.get<{ rows: number }>(sql, [environmentId])?.rows ?? 0;
}

export type Row = Readonly<Record<string, SqlValue>>;

export interface RowQuery {
  readonly environmentId: string;
  /** Text that some column holds, in any case. */
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

/** Rows of a table, the newest first. One more than `limit` may come: then there is a next page. */
export function readRows(database: Database, table: string, about: BrowsableTable, query: RowQuery): Row[] {
  const { environmentId, search, offset, limit } = query;
  const values: SqlValue[] = [environmentId];
  let where = 'environment_id = ?';
  if (search !== '') {
    const open = about.columns.filter((column) => !isSecretColumn(column));
    where += ` AND (${open.map((column) => `${quoted(column)} LIKE ? ESCAPE '\\'`).join(' OR ')})`;
    const pattern = `%${search.replace(/[\\%_]/g, '\\$&')}%`;
    values.push(...open.map(() => pattern));
  }
  const order = ['created_at', 'id'].filter((column) => about.columns.includes(column));
  const sorted =
    order.length === 0 ? '' : `ORDER BY ${order.map((column) => `${quoted(column)} DESC`).join(', ')}`;
  return database.all<Row>(`SELECT * FROM ${quoted(table)} WHERE ${where} ${sorted} LIMIT ? OFFSET ?`, [
    ...values,
    limit + 1,
    offset,
  ]);
}

export function readRow(database: Database, table: string, environmentId: string, id: string): Row | null {
  return database.get<Row>(`SELECT * FROM ${quoted(table)} WHERE environment_id = ? AND id = ?`, [
    environmentId,
    id,
  ]);
}
