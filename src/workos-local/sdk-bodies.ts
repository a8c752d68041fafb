import { retentionNamed } from './resources/audit-log-settings/retention.ts';

type Body = Readonly<Record<string, unknown>>;

/** What the official SDK sends and the document does not name, by operation, as the document has it. */
const translations: Readonly<Record<string, (body: Body) => Body>> = {
  AuditLogsRetentionController_updateAuditLogsRetention: ({ retention_period: period, ...rest }) => {
    const days = typeof period === 'string' ? retentionNamed(period) : null;
    return days === null ? rest : { retention_period_in_days: days, ...rest };
  },
};

/** A body in the document's words, whoever sent it. */
export function inDocumentWords(operationId: string, body: unknown): unknown {
  const translate = Object.hasOwn(translations, operationId) ? translations[operationId] : undefined;
  if (translate === undefined || typeof body !== 'object' || body === null || Array.isArray(body))
    return body;
  return translate(body as Body);
}
