import type { Context } from '../../kit/context.ts';
import { invalidField } from '../../kit/errors.ts';
import type { Resource } from '../../operation.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';

/** How long an organization's audit log can be kept, in days; the first is what counts until one is chosen. */
const periods = [30, 365] as const;

export const auditLogSettings = {
  OrganizationsController_getAuditLogConfiguration: (context, { path }) => {
    const { id } = requireOrganization(context, path.id);
    const retention = retentionOf(context, id);
    return {
      organization_id: id,
      retention_period_in_days: retention ?? periods[0],
      state: retention === null ? ('inactive' as const) : ('active' as const),
    };
  },

  AuditLogsRetentionController_auditLogsRetention: (context, { path }) => {
    const { id } = requireOrganization(context, path.id);
    return { retention_period_in_days: retentionOf(context, id) };
  },

  AuditLogsRetentionController_updateAuditLogsRetention: (context, { path, body }) => {
    const { id } = requireOrganization(context, path.id);
    const retention = body.retention_period_in_days;
    if (!periods.some((period) => period === retention)) {
      throw invalidField(
        'retention_period_in_days',
        'invalid_value',
        `retention_period_in_days must be ${periods.join(' or ')}.`,
      );
    }
    context.database.run(
      `INSERT INTO audit_log_settings (organization_id, retention_period_in_days) VALUES (?, ?)
       ON CONFLICT DO UPDATE SET retention_period_in_days = excluded.retention_period_in_days`,
      [id, retention],
    );
    return { retention_period_in_days: retention };
  },
} satisfies Resource<
  | 'OrganizationsController_getAuditLogConfiguration'
  | 'AuditLogsRetentionController_auditLogsRetention'
  | 'AuditLogsRetentionController_updateAuditLogsRetention'
>;

function retentionOf(context: Context, organizationId: string): number | null {
  const row = context.database.get<{ retention_period_in_days: number }>(
    'SELECT retention_period_in_days FROM audit_log_settings WHERE organization_id = ?',
    [organizationId],
  );
  return row === null ? null : row.retention_period_in_days;
}
