import type { stringify } from 'csv-stringify/sync';
import type { AuditLogEntry } from './audit-log-events.ts';

const columns = [
  'id',
  'action',
  'version',
  'occurred_at',
  'actor_type',
  'actor_id',
  'actor_name',
  'actor_metadata',
  'targets',
  'location',
  'user_agent',
  'metadata',
];

/** Makes the text of a CSV file. */
export type CsvWriter = (entries: readonly AuditLogEntry[]) => string;

/** The library is loaded with the first export. */
export async function loadCsvWriter(): Promise<CsvWriter> {
  const library: { stringify: typeof stringify } = await import('csv-stringify/sync');
  // Names and agents come from outside: none of them may be a formula to the program that opens the file.
  const options = { header: true, columns, escape_formulas: true };
  return (entries) => library.stringify(entries.map(rowOf), options);
}

/** Targets and metadata are JSON: they have as many parts as each event has. */
function rowOf(entry: AuditLogEntry): readonly string[] {
  const { actor, targets, context, metadata } = entry;
  return [
    entry.id,
    entry.action,
    String(entry.version),
    entry.occurred_at,
    actor.type,
    actor.id,
    actor.name ?? '',
    actor.metadata === undefined ? '' : JSON.stringify(actor.metadata),
    JSON.stringify(targets),
    context.location,
    context.user_agent ?? '',
    metadata === undefined ? '' : JSON.stringify(metadata),
  ];
}
