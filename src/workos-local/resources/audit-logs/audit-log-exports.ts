import { timestamp } from '../../kit/clock.ts';
import type { Context } from '../../kit/context.ts';
import { badRequest } from '../../kit/errors.ts';
import { randomToken } from '../../kit/random.ts';
import type { OperationRequest, Resource } from '../../operation.ts';
import { requireOrganization } from '../organizations/organizations.table.ts';
import { type CsvWriter, loadCsvWriter } from './audit-log-csv.ts';
import { auditLogOf } from './audit-log-events.ts';
import { type ExportRow, insertExport, requireExport } from './audit-log-exports.table.ts';
import { exportUrl } from './export-url.ts';

export const auditLogExports = {
  AuditLogExportsController_exports: {
    prepare: async ({ body }) => {
      const write = await loadCsvWriter();
      return (context) => createExport(context, body, write);
    },
  },

  AuditLogExportsController_export: (context, { path }) => {
    const row = requireExport(context, path.auditLogExportId);
    // Every look gives a URL that is good for the next ten minutes.
    return { ...serializeExport(row), state: 'ready', url: exportUrl(context.baseUrl, row, context.time) };
  },
} satisfies Resource<'AuditLogExportsController_exports' | 'AuditLogExportsController_export'>;

type NewExport = OperationRequest<'AuditLogExportsController_exports'>['body'];

/**
 * Makes a file of an organization's audit log as it is at this moment. It is answered as pending, as WorkOS's are,
 * which are made after the answer; here the file is ready for whoever asks next.
 *
 * @throws ApiError 404 without the organization, 400 when the range is none
 */
export function createExport(context: Context, body: NewExport, write: CsvWriter) {
  const organization = requireOrganization(context, body.organization_id);
  const entries = auditLogOf(context, organization.id, {
    ...rangeOf(body),
    actions: body.actions,
    actorIds: body.actor_ids,
    // The name before is an older one of the name after.
    actorNames: [...(body.actors ?? []), ...(body.actor_names ?? [])],
    targets: body.targets,
  });
  const row: ExportRow = {
    id: context.newId('audit_log_export_'),
    organization_id: organization.id,
    csv: write(entries),
    secret: randomToken(context.random, 32),
    created_at: context.now,
    updated_at: context.now,
  };
  insertExport(context, row);
  return { ...serializeExport(row), state: 'pending' as const };
}

function rangeOf(body: { range_start: string; range_end: string }): {
  rangeStart: string;
  rangeEnd: string;
} {
  const [start, end] = [Date.parse(body.range_start), Date.parse(body.range_end)];
  // Moments before year 0 or after 9999 have no text that sorts.
  const isMoment = (time: number) => time >= Date.UTC(1, 0, 1) && time < Date.UTC(10_000, 0, 1);
  if (!isMoment(start) || !isMoment(end) || start >= end) {
    throw badRequest(
      'invalid_audit_log_export_range_date',
      'range_start and range_end must be times in ISO 8601, the first before the second.',
    );
  }
  return { rangeStart: timestamp(start), rangeEnd: timestamp(end) };
}

function serializeExport(row: ExportRow) {
  return {
    object: 'audit_log_export' as const,
    id: row.id,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}
