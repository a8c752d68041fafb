import type { SqlValue } from '../../../sqlite/index.ts';
import type { Context } from '../../kit/context.ts';

export interface AuditLogEventRow {
  readonly id: string;
  readonly organization_id: string;
  readonly action: string;
  readonly version: number;
  readonly occurred_at: string;
  readonly actor_id: string;
  readonly actor_name: string | null;
  /** JSON: the event as it was given. */
  readonly event: string;
  readonly created_at: string;
}

/** Which events of an organization; an empty list counts as none. */
export interface AuditLogFilter {
  /** Moments as they are stored; both are part of the range. */
  readonly rangeStart?: string | undefined;
  readonly rangeEnd?: string | undefined;
  readonly actions?: readonly string[] | undefined;
  readonly actorIds?: readonly string[] | undefined;
  readonly actorNames?: readonly string[] | undefined;
  /** Types of targets. */
  readonly targets?: readonly string[] | undefined;
}

export function insertAuditLogEvent(context: Context, row: AuditLogEventRow): void {
  context.database.run(
    `INSERT INTO audit_log_events (id, environment_id, organization_id, action, version, occurred_at, actor_id,
       actor_name, event, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      context.environment.id,
      row.organization_id,
      row.action,
      row.version,
      row.occurred_at,
      row.actor_id,
      row.actor_name,
      row.event,
      row.created_at,
    ],
  );
}

export function deleteEventsBefore(context: Context, organizationId: string, moment: string): void {
  context.database.run('DELETE FROM audit_log_events WHERE organization_id = ? AND occurred_at < ?', [
    organizationId,
    moment,
  ]);
}

/** The events of an organization, the latest first. */
export function selectAuditLogEvents(
  context: Context,
  organizationId: string,
  filter: AuditLogFilter,
  page: { readonly limit?: number; readonly offset?: number } = {},
): AuditLogEventRow[] {
  const values: SqlValue[] = [context.environment.id, organizationId];
  let sql = 'SELECT * FROM audit_log_events WHERE environment_id = ? AND organization_id = ?';
  const add = (condition: string, value: SqlValue) => {
    sql += ` AND ${condition}`;
    values.push(value);
  };
  const among = (condition: string, list: readonly string[] | undefined) => {
    if (list !== undefined && list.length > 0) add(condition, JSON.stringify(list));
  };
  if (filter.rangeStart !== undefined) add('occurred_at >= ?', filter.rangeStart);
  if (filter.rangeEnd !== undefined) add('occurred_at <= ?', filter.rangeEnd);
  among('action IN (SELECT value FROM json_each(?))', filter.actions);
  among('actor_id IN (SELECT value FROM json_each(?))', filter.actorIds);
  among('actor_name IN (SELECT value FROM json_each(?))', filter.actorNames);
  among(
    `EXISTS (SELECT 1 FROM json_each(event, '$.targets') AS target
       WHERE target.value ->> '$.type' IN (SELECT value FROM json_each(?)))`,
    filter.targets,
  );
  values.push(page.limit ?? -1, page.offset ?? 0);
  return context.database.all<AuditLogEventRow>(
    `${sql} ORDER BY occurred_at DESC, id DESC LIMIT ? OFFSET ?`,
    values,
  );
}
