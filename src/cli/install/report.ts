import type { CompileReport, Prepared } from '../../install/index.ts';
import type { JsonObject } from '../../support/json.ts';
import { columns } from '../columns.ts';

/** How many names a line of the report shows. */
const shown = 3;

/** What the compiler has to say of a document, for people; the whole is in `--json`. */
export function reportLines({ edition: { manifest, report }, remarks }: Prepared): string {
  const styles = Object.entries(report.pagination).map(
    ([style, count]) => `${count} by ${style.replace('_', ' ')}`,
  );
  return columns([
    ['  functions', String(report.operations)],
    ['  pages', styles.length === 0 ? 'none found' : styles.join(', ')],
    ['  effects', `${report.effectsGuessed} follow the method`],
    ...row('perhaps reads', report.perhapsReads),
    ...row(
      'shared names',
      report.doubledNames.map(({ name, functions }) => `${name} (${functions.length})`),
    ),
    ...row('no summary', report.missingSummaries),
    ...row(
      'renamed',
      report.renamed.map(({ operation, argument }) => `${argument} of ${operation}`),
    ),
    ...shortcomings(report),
    ...row(
      'remarks',
      remarks.map(({ pointer, message }) => `${pointer} ${message}`.trim()),
    ),
    ...(manifest.baseUrl === '' ? [['  base URL', 'none: give --base-url, or an account’s url']] : []),
  ]);
}

/** Where less is done than the document asks for, for people; empty when it is all done. */
export function shortcomingLines({ edition: { report } }: Prepared): string {
  const rows = shortcomings(report);
  return rows.length === 0 ? '' : `Of the newer document:\n${columns(rows)}`;
}

function shortcomings(report: CompileReport): string[][] {
  const because = (entries: readonly { readonly operation: string; readonly reason: string }[]) =>
    entries.map(({ operation, reason }) => `${operation} (${reason})`);
  return [
    ...row('unnamed', because(report.unnamed)),
    ...row('no credentials', because(report.unserved)),
    ...row(
      'loose schemas',
      report.degraded.map(({ place, reason }) => `${place} (${reason})`),
    ),
    ...row('names only', because(report.namesOnly)),
  ];
}

function row(label: string, entries: readonly string[]): string[][] {
  if (entries.length === 0) return [];
  const more = entries.length > shown ? `, and ${entries.length - shown} more` : '';
  return [[`  ${label}`, `${entries.slice(0, shown).join(', ')}${more}`]];
}

/** The report as `--json` prints it. */
export function reportJson({ edition: { report }, remarks }: Prepared): JsonObject {
  return plain({
    operations: report.operations,
    shared_names: report.doubledNames,
    missing_summaries: report.missingSummaries,
    unnamed: report.unnamed,
    effects_guessed: report.effectsGuessed,
    perhaps_reads: report.perhapsReads,
    pagination: report.pagination,
    degraded: report.degraded,
    names_only: report.namesOnly,
    unserved: report.unserved,
    renamed: report.renamed,
    remarks,
  });
}

/** What was added, with its report, as `--json` prints it. */
export function preparedJson(prepared: Prepared): JsonObject {
  const { manifest, record } = prepared.edition;
  return plain({
    name: manifest.integration,
    title: manifest.title,
    source: record.spec,
    version: record.version,
    sha256: record.sha256,
    base_url: manifest.baseUrl,
    fields: manifest.fields.map(({ name, required, secret, env }) => ({ name, required, secret, env })),
    report: reportJson(prepared),
  });
}

function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
