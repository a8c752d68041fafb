import { Command } from 'commander';
import type { ApprovalSummary } from '../../approvals/index.ts';
import { Runtime } from '../../runtime/index.ts';
import { type JsonObject, stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { writeOut } from '../output.ts';
import { renderData } from '../show/data.ts';
import { clockTime } from '../show/moment.ts';

/** `approvals:list`: what agents wait for. */
export const approvalsList: CommandDefinition = { define, run };

function define(): Command {
  return new Command('kosmo approvals:list')
    .summary('lists what agents ask a person to approve, the newest first')
    .option('--all', 'those too that were given, used or refused, or are over')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  kosmo approvals:list --all\n');
}

async function run({ command }: Invocation): Promise<number> {
  const { all, json } = command.opts<{ all?: true; json?: true }>();
  const runtime = new Runtime();
  try {
    const approvals = (await runtime.approvals())
      .list()
      .filter(({ state }) => all === true || state === 'pending' || state === 'approved');
    if (json === true) await writeOut(`${stringifyJson({ approvals: approvals.map(plain) })}\n`);
    else if (approvals.length === 0) process.stderr.write('Nothing waits for approval.\n');
    else await writeOut(await renderData(approvals.map(row), 'table', null));
    return 0;
  } finally {
    await runtime.release();
  }
}

function plain({ id, state, askedAt, expiresAt, client, functions }: ApprovalSummary): JsonObject {
  const [asked_at, expires_at] = [askedAt, expiresAt].map((time) => new Date(time).toISOString());
  return {
    id,
    state,
    asked_at: asked_at ?? '',
    expires_at: expires_at ?? '',
    client,
    functions: [...functions],
  };
}

function row({ id, state, expiresAt, client, functions }: ApprovalSummary): JsonObject {
  const until = clockTime(new Date(expiresAt).toISOString());
  return { approval: id, state, until, client, functions: functions.join(', ') };
}
