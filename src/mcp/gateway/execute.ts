import type { CallToolResult, InputRequiredResult, ServerContext } from '@modelcontextprotocol/server';
import { failure } from '../../support/errors.ts';
import { argumentFault, type Given, textArgument } from './arguments.ts';
import type { GatewayOptions, GatewayRuntime } from './contract.ts';
import { progressTo } from './progress.ts';
import { shownError, shownOutcome } from './shown.ts';

/** What a program may print, or return, before it is ended; an agent is shown a part of it. */
const outputBytes = 16 * 1024 * 1024;

/** One call of `execute_lua`. */
export interface Execution {
  readonly given: Given;
  readonly context: ServerContext;
  readonly signal: AbortSignal;
  /** Who asks, for the journal. */
  readonly client: string;
}

/** `execute_lua`: runs a program. */
export async function executeLua(
  runtime: GatewayRuntime,
  options: GatewayOptions,
  { given, context, signal, client }: Execution,
): Promise<CallToolResult | InputRequiredResult> {
  const fault = argumentFault('execute_lua', given, {
    code: { type: 'string' },
    dry_run: { type: 'boolean' },
    resume: { type: 'string' },
  });
  if (fault !== null) return shownError(fault);
  const source = textArgument(given, 'code');
  if (source === null) {
    return shownError(
      failure('invalid_arguments', 'execute_lua: code: expected a string, got nothing.', {
        hint: 'Give the program as code.',
      }),
    );
  }
  const dryRun = given['dry_run'] === true;
  const onProgress = progressTo(context);
  const outcome = await runtime.lua({
    source,
    name: 'program.lua',
    client,
    signal,
    dryRun,
    limits: { outputBytes },
    ...(options.account === null ? {} : { account: options.account }),
    ...policyOf(options, dryRun),
    ...(onProgress === null
      ? {}
      : {
          onCall: async (_, make) => {
            const answered = await make();
            onProgress(answered);
            return answered;
          },
        }),
  });
  return shownOutcome(outcome, runtime.results);
}

/** What is only planned is sent to nobody, so that it may be planned where nothing may be changed. */
function policyOf({ writes }: GatewayOptions, dryRun: boolean) {
  if (dryRun) return {};
  return writes === 'allow' ? { force: true } : { writes };
}
