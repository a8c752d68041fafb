import type { Context } from '../../kit/context.ts';

/** How long an organization's audit log can be kept, in days; the first is what counts until one is chosen. */
export const retentionPeriods = [30, 365] as const;

/** What was chosen for an organization, or null. */
export function chosenRetention(context: Context, organizationId: string): number | null {
  const row = context.database.get<{ retention_period_in_days: number }>(
    'SELECT retention_period_in_days FROM audit_log_settings WHERE organization_id = ?',
    [organizationId],
  );
  return row === null ? null : row.retention_period_in_days;
}

/** How many days an organization's audit log is kept. */
export function retentionDays(context: Context, organizationId: string): number {
  return chosenRetention(context, organizationId) ?? retentionPeriods[0];
}
