import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { CallToolResult, InputRequiredResult, ServerContext } from '@modelcontextprotocol/server';
import type { Approvals, Decision, SuspendedRun } from '../../approvals/index.ts';
import { type Failure, failure } from '../../support/errors.ts';
import { argumentFault, type Given, textArgument } from './arguments.ts';
import { askFor, decisionOf, saidBy, waitsForTerminal } from './asking.ts';
import { AskingRun } from './asking-run.ts';
import type { GatewayOptions, GatewayOutcome, GatewayRun, GatewayRuntime } from './contract.ts';
import { progressTo } from './progress.ts';
import { shownError, shownOutcome } from './shown.ts';

/** What a program may print, or return, before it is ended; an agent is shown a part of it. */
const outputBytes = 16 * 1024 * 1024;

/** How long a run that is taken up waits for somebody who is just deciding, in milliseconds. */
const patience = 25_000;

/** One call of a tool. */
export interface Execution {
  readonly given: Given;
  readonly context: ServerContext;
  readonly signal: AbortSignal;
  /** Who asks, for the journal. */
  readonly client: string;
  /** Whether the client can ask its user. */
  readonly canAsk: boolean;
  /** Whether the client has started this process. */
  readonly isChild: boolean;
}

type ToolResult = CallToolResult | InputRequiredResult;

/** `execute_lua`: runs a program, or goes on with one that has waited for a person. */
export async function executeLua(
  runtime: GatewayRuntime,
  options: GatewayOptions,
  execution: Execution,
): Promise<ToolResult> {
  const { given, context } = execution;
  const fault = argumentFault('execute_lua', given, {
    code: { type: 'string' },
    dry_run: { type: 'boolean' },
    resume: { type: 'string' },
  });
  if (fault !== null) return shownError(fault);
  const said = saidBy(context);
  const source = textArgument(given, 'code');
  const resume = textArgument(given, 'resume');
  if ((said !== null || resume !== null) && given['dry_run'] === true) {
    const message = 'execute_lua: a run that goes on sends what was approved; it takes no dry_run.';
    return shownError(failure('invalid_arguments', message, { hint: 'Leave dry_run out.' }));
  }
  if (said !== null) {
    const approvals = await runtime.approvals();
    const decision = decisionOf(approvals, said);
    if (decision !== null && typeof decision === 'object') return shownError(decision);
    return takeUp(runtime, options, execution, approvals, said.approval);
  }
  if ((source === null) === (resume === null)) {
    const what =
      source === null ? 'code: expected a string, got nothing' : 'it takes code or resume, not both';
    return shownError(
      failure('invalid_arguments', `execute_lua: ${what}.`, { hint: 'Give the program as code.' }),
    );
  }
  if (resume !== null) {
    const approvals = await runtime.approvals();
    await decided(approvals, resume, execution.signal);
    return takeUp(runtime, options, execution, approvals, resume);
  }
  const program = source ?? '';
  if (options.writes !== 'ask' || given['dry_run'] === true) {
    return shownOutcome(await runtime.lua(settingsOf(options, execution, program)), runtime.results);
  }
  return runAsking(runtime, options, execution, begin(program, options), null);
}

/** Goes on with a run that was decided on; what was not is told of again. */
async function takeUp(
  runtime: GatewayRuntime,
  options: GatewayOptions,
  execution: Execution,
  approvals: Approvals,
  id: string,
): Promise<ToolResult> {
  const found = approvals.get(id);
  if ('code' in found) return shownError(found);
  const { run, summary } = found;
  if (!('source' in run.program)) return shownError(notOfLua(id));
  const source = textArgument(execution.given, 'code');
  if (source !== null && source !== run.program.source) return shownError(notOfLua(id));
  if (summary.state === 'pending') return waitsForTerminal(id, run.asked, true);
  // Where nothing may be changed an approval from elsewhere changes nothing about that.
  if (options.writes === 'deny') {
    return shownError(failure('denied', 'This gateway lets nothing be changed, also with an approval.'));
  }
  const taken = approvals.take(id);
  if ('code' in taken) return shownError(taken);
  return runAsking(runtime, options, execution, taken.run, taken.decision);
}

function notOfLua(id: string): Failure {
  return failure('unknown_approval', `The approval ${id} is for another program.`, {
    hint: 'Give resume alone, without code.',
  });
}

/** Waits a while for a decision, so that an agent need not ask again and again. */
async function decided(approvals: Approvals, id: string, signal: AbortSignal): Promise<void> {
  const end = performance.now() + patience;
  while (performance.now() < end && !signal.aborted) {
    const found = approvals.get(id);
    if ('code' in found || found.summary.state !== 'pending') return;
    await delay(250, undefined, { signal }).catch(() => undefined);
  }
}

function begin(source: string, { account }: GatewayOptions): SuspendedRun {
  // A program that is run again must come to the same calls.
  const seed = randomInt(2 ** 47);
  return { program: { source }, account, seed, now: Date.now(), made: [], asked: [] };
}

/** Runs a program whose writes a person approves, up to those that nobody has approved yet. */
async function runAsking(
  runtime: GatewayRuntime,
  options: GatewayOptions,
  execution: Execution,
  run: SuspendedRun,
  decision: Decision | null,
): Promise<ToolResult> {
  const source = 'source' in run.program ? run.program.source : '';
  const asking = new AskingRun(decision === null ? null : { made: run.made, asked: run.asked, decision });
  const settings = settingsOf(options, execution, source);
  const outcome: GatewayOutcome = await runtime.lua({
    ...settings,
    ...(run.account === null ? {} : { account: run.account }),
    seed: run.seed,
    now: run.now,
    approve: (request) => asking.approve(request),
    onCall: (request, make) =>
      asking.onCall(
        request,
        settings.onCall === undefined ? make : () => settings.onCall?.(request, make) ?? make(),
      ),
    verdict: () => asking.verdict(),
  });
  if (outcome.error?.code !== 'approval_required' || asking.asked.length === 0)
    return shownOutcome(outcome, runtime.results);
  const { client, canAsk, isChild } = execution;
  const waiting: SuspendedRun = { ...run, made: asking.made, asked: asking.asked };
  return askFor(await runtime.approvals(), waiting, { client, canAsk, isChild });
}

function settingsOf(
  options: GatewayOptions,
  { given, context, signal, client }: Execution,
  source: string,
): GatewayRun {
  const dryRun = given['dry_run'] === true;
  const progress = progressTo(context);
  return {
    source,
    name: 'program.lua',
    client,
    signal,
    dryRun,
    limits: { outputBytes },
    ...(options.account === null ? {} : { account: options.account }),
    ...policyOf(options, dryRun),
    ...(progress === null
      ? {}
      : {
          onCall: async (_, make) => {
            const answered = await make();
            progress.answered(answered);
            return answered;
          },
          onProgress: (tool) => progress.underWay(tool),
        }),
  };
}

/** What is only planned is sent to nobody, so that it may be planned where nothing may be changed. */
function policyOf({ writes }: GatewayOptions, dryRun: boolean) {
  if (dryRun) return {};
  return writes === 'allow' ? { force: true } : { writes };
}
