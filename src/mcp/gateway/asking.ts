import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import {
  type Approvals,
  type AskedFor,
  askingProcesses,
  type Decision,
  type SuspendedRun,
} from '../../approvals/index.ts';
import { type Failure, failure } from '../../support/errors.ts';
import { isJsonObject, stringifyJson } from '../../support/json.ts';
import { shownError } from './shown.ts';

/** The name of the one question that a result can come with. */
const question = 'approval';

/** How much of a request a person is shown, in characters. */
const shownOfRequest = 3_000;

/** Whether a client can ask its user something. */
export function canAsk(server: Server, context: ServerContext): boolean {
  const envelope: Readonly<Record<string, unknown>> = context.mcpReq.envelope ?? {};
  const capabilities = envelope[CLIENT_CAPABILITIES_META_KEY] ?? server.getClientCapabilities();
  const elicitation = isJsonObject(capabilities) ? capabilities['elicitation'] : undefined;
  // Without modes it is the one there was first: a form.
  return isJsonObject(elicitation) && (elicitation['form'] !== undefined || elicitation['url'] === undefined);
}

/** What came back with a request that is sent again: of which approval, and what the client's user said. */
export interface Said {
  readonly approval: string;
  readonly action: 'accept' | 'decline' | 'cancel';
}

/** What a client's user said; null when the request is a new one. */
export function saidBy(context: ServerContext): Said | null {
  const approval = context.mcpReq.requestState();
  if (typeof approval !== 'string') return null;
  const view = inputResponse(context.mcpReq.inputResponses, question);
  // An answer that is none is as good as a dialog that was closed.
  return { approval, action: view.kind === 'elicit' ? view.action : 'cancel' };
}

/** Asks a person for a run: through the client where it can, else in a terminal. */
export function askFor(
  approvals: Approvals,
  run: SuspendedRun,
  asking: {
    readonly client: string;
    readonly canAsk: boolean;
    readonly isChild: boolean;
    readonly fingerprint?: string;
  },
): CallToolResult | InputRequiredResult {
  const { client, isChild, fingerprint } = asking;
  const id = approvals.ask({
    run,
    client,
    asked: asking.canAsk ? 'client' : 'terminal',
    processes: isChild ? askingProcesses() : [],
    ...(fingerprint === undefined ? {} : { fingerprint }),
  });
  if (!asking.canAsk) return waitsForTerminal(id, run.asked, fingerprint === undefined);
  const message = `${describeAll(run.asked)}\n\nSend it?`;
  return inputRequired({
    inputRequests: {
      [question]: inputRequired.elicit({ message, requestedSchema: { type: 'object', properties: {} } }),
    },
    requestState: id,
  });
}

/** What an agent is told of a run that waits for somebody at a terminal. */
export function waitsForTerminal(id: string, asked: readonly AskedFor[], isProgram: boolean): CallToolResult {
  const next = isProgram
    ? `execute_lua with resume = "${id}" goes on`
    : 'call it again with the same arguments';
  return shownError(
    failure('approval_required', `Nothing was sent. A person has to approve:\n${describeAll(asked)}`, {
      hint: `Ask for it: in a terminal, kosmo approvals:approve ${id}. After that ${next}.`,
      details: { approval: id, functions: asked.map((request) => request.function) },
    }),
  );
}

/**
 * Takes what a client's user said for a decision, where it was the client that was asked.
 * @returns null when nothing was decided, and the approval is left to a terminal
 */
export function decisionOf(approvals: Approvals, { approval, action }: Said): Decision | Failure | null {
  const found = approvals.get(approval);
  if ('code' in found) return found;
  if (action === 'cancel' || found.asked !== 'client') {
    approvals.leaveToTerminal(approval);
    return null;
  }
  const decision = action === 'accept' ? 'approved' : 'denied';
  return approvals.decide(approval, decision) ?? decision;
}

/** The requests as a person reads them. No secret is in them. */
function describeAll(asked: readonly AskedFor[]): string {
  const text = asked.map(describe).join('\n\n');
  return text.length > shownOfRequest ? `${text.slice(0, shownOfRequest)}…` : text;
}

function describe({ function: name, effect, account, request }: AskedFor): string {
  const { method, url, body } = request;
  const shown = body === null || body === undefined ? '' : `\n${stringifyJson(body, 2)}`;
  return `${name} (${effect}, account ${account})\n${method} ${url}${shown}`;
}
