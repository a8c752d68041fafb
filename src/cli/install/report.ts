import type { Prepared } from '../../install/index.ts';
import type { JsonObject } from '../../support/json.ts';
import { columns } from '../columns.ts';

/** How many names a line of the report shows. */
const shown = 3;

/** What the compiler has to say of a document, for people; the whole is in `--json`. */
export function reportLines({ edition: { manifest, report }, remarks }: Prepared): string {
  const styles = Object.entries(report.pagination).map(
    ([style, count]) => `${count} by ${style.replace('_', ' ')}`,
  );
  const rows: string[][] = [
    ['  functions', String(report.operations)],
    ['  pages', styles.length === 0 ? 'none found' : styles.join(', ')],
    ['  effects', `${report.effectsGuessed} follow the method`],
  ];
  const list = (label: string, entries: readonly string[]) => {
    if (entries.length === 0) return;
    const more = entries.length > shown ? `, and ${entries.length - shown} more` : '';
    rows.push([`  ${label}`, `${entries.slice(0, shown).join(', ')}${more}`]);
  };
  list('perhaps reads', report.perhapsReads);
  list(
    'shared names',
    report.doubledNames.map(({ name, functions }) => `${name} (${functions.length})`),
  );
  list('no summary', report.missingSummaries);
  list(
    'unnamed',
    report.unnamed.map(({ operation, reason }) => `${operation} (${reason})`),
  );
  list(
    'renamed',
    report.renamed.map(({ operation, argument }) => `${argument} of ${operation}`),
  );
  list(
    'no credentials',
    report.unserved.map(({ operation, reason }) => `${operation} (${reason})`),
  );
  list(
    'loose schemas',
    report.degraded.map(({ place, reason }) => `${place} (${reason})`),
  );
  list(
    'remarks',
    remarks.map(({ pointer, message }) => `${pointer} ${message}`.trim()),
  );
  if (manifest.baseUrl === '') rows.push(['  base URL', 'none: give --base-url, or an account’s url']);
  return columns(rows);
}

/** The report as `--json` prints it. */
export function reportJson({ edition: { manifest, report, record }, remarks }: Prepared): JsonObject {
  return JSON.parse(
    JSON.stringify({
      name: manifest.integration,
      title: manifest.title,
      source: record.spec,
      version: record.version,
      sha256: record.sha256,
      base_url: manifest.baseUrl,
      fields: manifest.fields.map(({ name, required, secret, env }) => ({ name, required, secret, env })),
      report: {
        operations: report.operations,
        shared_names: report.doubledNames,
        missing_summaries: report.missingSummaries,
        unnamed: report.unnamed,
        effects_guessed: report.effectsGuessed,
        perhaps_reads: report.perhapsReads,
        pagination: report.pagination,
        degraded: report.degraded,
        unserved: report.unserved,
        renamed: report.renamed,
        remarks,
      },
    }),
  ) as JsonObject;
}
