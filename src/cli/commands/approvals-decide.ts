import { Command } from 'commander';
import { type AskedFor, isWithin } from '../../approvals/index.ts';
import { Runtime } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { stringifyJson } from '../../support/json.ts';
import type { CommandDefinition, Invocation } from '../command.ts';
import { confirm } from '../confirm.ts';
import { writeOut } from '../output.ts';
import { plainText } from '../show/plain-text.ts';
import { canAsk } from '../terminal.ts';

/** `approvals:approve`: a person at a terminal lets an agent's calls be sent. */
export const approvalsApprove: CommandDefinition = { define: defineApprove, run: approve };

/** `approvals:deny`: they will not be sent. */
export const approvalsDeny: CommandDefinition = { define: defineDeny, run: deny };

function defineApprove(): Command {
  return new Command('kosmo approvals:approve')
    .summary('shows the calls that an agent waits to make, and lets them be sent once')
    .argument('<id>', 'the approval: apr_…')
    .addHelpText(
      'after',
      `
It needs a terminal, and one that the program which asks has not opened.

Example:
  kosmo approvals:approve apr_0123456789abcdef01
`,
    );
}

function defineDeny(): Command {
  return new Command('kosmo approvals:deny')
    .summary('refuses the calls that an agent waits to make')
    .argument('<id>', 'the approval: apr_…')
    .addHelpText('after', '\nExample:\n  kosmo approvals:deny apr_0123456789abcdef01\n');
}

async function approve({ args: [id = ''] }: Invocation): Promise<number> {
  assertTerminal();
  const runtime = new Runtime();
  try {
    const approvals = await runtime.approvals();
    const found = approvals.get(id);
    if ('code' in found) throw KosmoError.of(found);
    if (isWithin(found.processes)) {
      throw new KosmoError(
        'terminal_required',
        'This terminal was opened by the program that asks for the approval.',
        {
          hint: 'Open a terminal yourself, outside of that program, and run the command there.',
          details: { approval: id },
        },
      );
    }
    const { run, summary } = found;
    if (summary.state === 'pending') {
      const shown = run.asked.map(describe).join('\n');
      process.stderr.write(plainText(`${summary.client} asks to send:\n\n${shown}\n`, true));
      if ((await confirm('Send it, once?')) !== true) {
        process.stderr.write(`Nothing was approved. kosmo approvals:deny ${id} refuses it.\n`);
        return 3;
      }
    }
    const fault = approvals.decide(id, 'approved');
    if (fault !== null) throw KosmoError.of(fault);
    await writeOut('Approved, for one run. The agent can go on.\n');
    return 0;
  } finally {
    await runtime.release();
  }
}

async function deny({ args: [id = ''] }: Invocation): Promise<number> {
  const runtime = new Runtime();
  try {
    const fault = (await runtime.approvals()).decide(id, 'denied');
    if (fault !== null) throw KosmoError.of(fault);
    await writeOut('Denied. The agent is told when it goes on.\n');
    return 0;
  } finally {
    await runtime.release();
  }
}

/** Variables that agents set for the commands they run. */
const agentVariables = ['CLAUDECODE', 'GEMINI_CLI', 'CODEX_SANDBOX', 'CURSOR_AGENT'];

/** An agent that has been told to approve its own calls must not get by with trying. */
function assertTerminal(): void {
  const agent = agentVariables.find((name) => (process.env[name] ?? '') !== '');
  if (canAsk() && agent === undefined) return;
  const why = agent === undefined ? 'there is none here' : `${agent} says that an agent runs this`;
  throw new KosmoError('terminal_required', `Only a person at a terminal can approve this; ${why}.`);
}

function describe({ function: name, effect, account, request }: AskedFor): string {
  const { method, url, body } = request;
  const shown = body === null || body === undefined ? '' : `${stringifyJson(body, 2)}\n`;
  return `${name} (${effect}, account ${account})\n${method} ${url}\n${shown}`;
}
