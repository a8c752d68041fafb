import { invalidField } from '../../kit/errors.ts';
import type { Resource } from '../../operation.ts';
import { forgetExpired } from '../audit-logs/audit-log-events.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { chosenRetention, isRetention, retentionDays } from './retention.ts';

export const auditLogSettings = {
  OrganizationsController_getAuditLogConfiguration: (context, { path }) => {
    const { id } = requireOrganization(context, path.id);
    const retention = chosenRetention(context, id);
    return {
      organization_id: id,
      retention_period_in_days: retentionDays(context, id),
      state: retention === null ? ('inactive' as const) : ('active' as const),
    };
  },

  AuditLogsRetentionController_auditLogsRetention: (context, { path }) => {
    const { id } = requireOrganization(context, path.id);
    return { retention_period_in_days: chosenRetention(context, id) };
  },

  AuditLogsRetentionController_updateAuditLogsRetention: (context, { path, body }) => {
    const { id } = requireOrganization(context, path.id);
    const retention = body.retention_period_in_days;
    if (!isRetention(retention)) {
      throw invalidField(
        'retention_period_in_days',
        'invalid_value',
        'retention_period_in_days must be 30 or 365, or that many times more months or years.',
      );
    }
    // What was past the old period does not come back with a longer one.
    forgetExpired(context, id);
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
