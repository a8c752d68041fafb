import type { CallToolResult, InputRequiredResult, Tool } from '@modelcontextprotocol/server';
import { type AskedFor, fingerprintOfCall, fingerprintOfRequest } from '../../approvals/index.ts';
import type { ApprovalRequest, CallOutcome, CallRequest } from '../../call/index.ts';
import { failure } from '../../support/errors.ts';
import type { JsonObject } from '../../support/json.ts';
import { argumentFault, textArgument } from './arguments.ts';
import { askFor, decisionOf, saidBy, waitsForTerminal } from './asking.ts';
import type { ClassicTool } from './classic-tools.ts';
import type { GatewayCall, GatewayOptions, GatewayRuntime } from './contract.ts';
import type { Execution } from './execute.ts';
import { progressTo } from './progress.ts';
import { shownError, shownResult } from './shown.ts';

type ToolResult = CallToolResult | InputRequiredResult;

/** Where there is no Lua, what was cut is read with a tool. */
export const readResultTool: Tool = {
  name: 'read_result',
  description: 'Reads a result that was cut, or what stands at a path in it: data[3].name.',
  inputSchema: {
    type: 'object',
    properties: { handle: { type: 'string' }, path: { type: 'string' } },
    required: ['handle'],
  },
  annotations: { readOnlyHint: true },
};

export function readResult(runtime: GatewayRuntime, { given }: Execution): CallToolResult {
  const fault = argumentFault('read_result', given, {
    handle: { type: 'string', required: true },
    path: { type: 'string' },
  });
  if (fault !== null) return shownError(fault);
  const found = runtime.results.read(textArgument(given, 'handle') ?? '', textArgument(given, 'path') ?? '');
  return 'error' in found ? shownError(found.error) : shownResult(found.value, runtime.results);
}

/** Makes the call that a tool stands for. */
export async function callClassic(
  runtime: GatewayRuntime,
  options: GatewayOptions,
  tool: ClassicTool,
  execution: Execution,
): Promise<ToolResult> {
  const request: CallRequest = {
    integration: tool.integration,
    account: null,
    function: tool.function,
    // Checked against the operation's schema before anything is sent.
    args: execution.given as JsonObject,
  };
  if (options.writes !== 'ask') {
    const policy = options.writes === 'allow' ? { force: true } : { writes: options.writes };
    return shown(await runtime.call(request, { ...settingsOf(options, execution), ...policy }), runtime);
  }
  return callAsking(runtime, options, request, execution);
}

async function callAsking(
  runtime: GatewayRuntime,
  options: GatewayOptions,
  request: CallRequest,
  execution: Execution,
): Promise<ToolResult> {
  const fingerprint = fingerprintOfCall({ ...request, account: options.account });
  const said = saidBy(execution.context);
  const approvals = said === null ? null : await runtime.approvals();
  if (said !== null && approvals !== null) {
    const decision = decisionOf(approvals, said);
    if (decision !== null && typeof decision === 'object') return shownError(decision);
  }
  const approved: string[] = [];
  const asked: AskedFor[] = [];
  const settings = {
    ...settingsOf(options, execution),
    writes: 'ask' as const,
    approve: async (asking: ApprovalRequest) => {
      const own = fingerprintOfRequest(asking);
      if (approved.includes(own)) return true;
      asked.push({ ...asking, fingerprint: own });
      return null;
    },
  };
  const known = await given(runtime, fingerprint);
  if (known !== null && 'waits' in known) return waitsForTerminal(known.waits, known.asked, false);
  if (known !== null && known.decision === 'denied') {
    const names = known.asked.map((entry) => entry.function).join(', ');
    return shownError(failure('denied', `${names} was not sent: it was not approved.`));
  }
  for (const entry of known?.asked ?? []) approved.push(entry.fingerprint);
  const outcome = await runtime.call(request, settings);
  if (outcome.ok || outcome.error.code !== 'approval_required' || asked.length === 0)
    return shown(outcome, runtime);
  const run = { program: { call: request }, account: options.account, seed: 0, now: 0, made: [], asked };
  return askFor(await runtime.approvals(), run, {
    client: execution.client,
    canAsk: execution.canAsk,
    isChild: execution.isChild,
    fingerprint,
  });
}

/** What is known of the approval of this very call: that it waits still, or what was decided, which is used by this. */
async function given(runtime: GatewayRuntime, fingerprint: string) {
  const approvals = await runtime.approvals();
  const summary = approvals.find(fingerprint);
  if (summary === null) return null;
  const found = approvals.get(summary.id);
  if ('code' in found) return null;
  if (summary.state === 'pending') {
    // One that the client was asked for, and that it has not answered, is asked for anew.
    return found.asked === 'terminal' ? { waits: summary.id, asked: found.run.asked } : null;
  }
  const taken = approvals.take(summary.id);
  return 'code' in taken ? null : { decision: taken.decision, asked: taken.run.asked };
}

function settingsOf({ account }: GatewayOptions, { client, signal, context }: Execution): GatewayCall {
  const progress = progressTo(context);
  return {
    client,
    signal,
    ...(account === null ? {} : { account }),
    ...(progress === null ? {} : { onProgress: (tool) => progress.underWay(tool) }),
  };
}

function shown(outcome: CallOutcome, { results }: GatewayRuntime): CallToolResult {
  return outcome.ok ? shownResult(outcome.value, results) : shownError(outcome.error);
}
