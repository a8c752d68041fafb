import { Command } from 'commander';
import type { CallSummary, RunSummary } from '../../journal/index.ts';
import { openJournal } from '../../journal/reader.ts';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { type JsonObject, stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';
import { renderData } from '../show/data.ts';
import { clockTime, lasted } from '../show/moment.ts';

/** `runs:show`: one run and its calls. */
export const runsShow: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo runs:show')
    .summary('shows a run and its calls')
    .argument('<run>', 'its id, the beginning of it, or last')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Arguments are kept without secrets, and shortened.

Examples:
  kosmo runs:show last
  kosmo runs:show run_0mhp3k2 --json
`,
    );
}

async function run({ args, command }: Invocation): Promise<number> {
  const { home } = new Runtime();
  const journal = openJournal(home, Date.now());
  const id = args[0] ?? '';
  try {
    const found = journal.run(id);
    if (found === null) {
      throw new KosmoError('unknown_run', `There is no run ${id}, or more than one begins so.`, {
        details: { run: id },
      });
    }
    if (command.opts<{ json?: true }>().json === true) {
      await writeOut(`${stringifyJson({ ...found.run, calls: found.calls })}\n`);
      return 0;
    }
    await writeOut(await renderData(about(found.run), 'table', null));
    if (found.calls.length > 0) await writeOut(await renderData(found.calls.map(row), 'table', null));
    return 0;
  } finally {
    journal.close();
  }
}

function about(run: RunSummary): JsonObject {
  const { id, state, error, command, program, script_hash, client, user, account } = run;
  const known = Object.entries({
    run: id,
    state,
    error,
    started: clockTime(run.started_at),
    took: lasted(run.duration_ms),
    command,
    program,
    script_hash,
    client,
    user,
    account,
  });
  return Object.fromEntries(known.filter(([, value]) => value !== null && value !== ''));
}

function row(call: CallSummary): JsonObject {
  return {
    '#': call.number,
    function: call.function,
    account: call.account,
    arguments: stringifyJson(call.arguments),
    outcome: outcomeOf(call),
    took: lasted(call.duration_ms),
    request: call.request_id ?? '',
  };
}

function outcomeOf({ status, error, attempts, duration_ms }: CallSummary): string {
  const often = attempts > 1 ? `, sent ${attempts} times` : '';
  if (duration_ms === null) return 'sent; what came of it is not known';
  if (error !== null) return `${status === null ? '' : `${status} `}${error}${often}`;
  return status === null ? 'planned' : `${status}${often}`;
}
