import { Command, InvalidArgumentError } from 'commander';
import type { Catalog } from '../../catalog/index.ts';
import type { RunFilter, RunSummary } from '../../journal/index.ts';
import { openJournal } from '../../journal/reader.ts';
import { applies } from '../../policy/index.ts';
import { Runtime } from '../../runtime/index.ts';
import { type JsonObject, stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';
import { renderData } from '../show/data.ts';
import { clockTime, lasted } from '../show/moment.ts';

interface Options {
  readonly since?: number;
  readonly failed?: true;
  readonly function?: string;
  readonly limit: number;
  readonly json?: true;
}

/** `runs:list`: what has been run, the newest first. */
export const runsList: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo runs:list')
    .summary('lists what has been run, the newest first')
    .option('--since <time>', 'only runs since then: 2h, 7d, or a time such as 2026-01-31', since)
    .option('--failed', 'only runs that failed, or in which a call failed')
    .option('--function <name>', 'only runs that called this function: a name, or a part with *')
    .option('--limit <number>', 'how many at most', count, 20)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Runs are kept for 30 days. No secret is among what is kept of them.

Examples:
  kosmo runs:list --failed --since 1d
  kosmo runs:list --function workos.create_organization
`,
    );
}

async function run({ command }: Invocation): Promise<number> {
  const options = command.opts<Options>();
  const runtime = new Runtime();
  const journal = openJournal(runtime.home, Date.now());
  try {
    const filter: RunFilter = {
      since: options.since ?? null,
      failed: options.failed === true,
      functions: options.function === undefined ? null : functionsOf(runtime.catalog, options.function),
      limit: options.limit,
    };
    const runs = journal.runs(filter);
    if (options.json === true) await writeOut(`${stringifyJson({ runs })}\n`);
    else if (runs.length > 0) await writeOut(await renderData(runs.map(row), 'table', null));
    else process.stderr.write('No runs.\n');
    return 0;
  } finally {
    journal.close();
  }
}

function row(run: RunSummary): JsonObject {
  const { id, started_at, state, command, client, program, error, duration_ms, calls, failed_calls } = run;
  return {
    run: id,
    started: clockTime(started_at),
    what: [command, program, client].filter((part) => part !== null).join(' '),
    calls: failed_calls === 0 ? String(calls) : `${calls} (${failed_calls} failed)`,
    took: lasted(duration_ms),
    state: error === null ? state : `${state}: ${error}`,
  };
}

/** The full names of the operations that a pattern means; what means none is looked for in the names that were kept. */
function functionsOf(catalog: Catalog, pattern: string): string[] {
  const found = catalog.names().flatMap((integration) => {
    const operations = catalog.get(integration)?.reader.index.operations ?? [];
    return operations
      .filter((operation) => applies(pattern, { ...operation, integration }))
      .map(({ slug }) => `${integration}.${slug}`);
  });
  return found.length > 0 ? found : [`*${pattern}*`];
}

const units: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Milliseconds since 1970. */
function since(text: string): number {
  const ago = /^(\d+)\s*([mhdw])$/.exec(text);
  if (ago !== null) return Date.now() - Number(ago[1]) * (units[ago[2] ?? ''] ?? 0) * 1000;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new InvalidArgumentError('It takes 30m, 2h, 7d, 4w, or a time in ISO 8601.');
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError('It takes a whole number above 0.');
  return value;
}
