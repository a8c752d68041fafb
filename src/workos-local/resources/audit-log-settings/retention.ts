import type { Context } from '../../kit/context.ts';

const month = 30;
const year = 365;

/**
 * Whether an audit log can be kept for so many days: the document names a month and a year, the SDK has up to eleven
 * months and ten years besides.
 */
export function isRetention(days: number): boolean {
  return (
    (days % month === 0 && days >= month && days <= 11 * month) ||
    (days % year === 0 && days >= year && days <= 10 * year)
  );
}

/** The SDK's word for a period, as `1_YEAR`, in days; null when it is none. */
export function retentionNamed(name: string): number | null {
  const [, count = '', unit = ''] = /^(\d{1,2})_(MONTH|YEAR)S?$/.exec(name) ?? [];
  return count === '' ? null : Number(count) * (unit === 'YEAR' ? year : month);
}

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
  return chosenRetention(context, organizationId) ?? month;
}
