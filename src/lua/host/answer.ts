import type { CallOutcome, CallRequest } from '../../call/call.ts';
// Not by the room's index: a run starts its thread before the call pipeline is loaded.
import { itemsAt } from '../../call/pagination.ts';
import { failure, failureOf } from '../../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue, stringifyJson } from '../../support/json.ts';
import type { HostAnswer } from '../engine/protocol.ts';
import type { ScriptHost } from '../script-host.ts';

/** What a program asks of its host. */
export interface Question {
  readonly name: string;
  readonly args: readonly JsonValue[];
}

/** Answers one question of a program. It never rejects: a fault of the host is an error the program sees. */
export async function answerAsk(
  host: ScriptHost,
  question: Question,
  signal: AbortSignal,
  unwanted: AbortSignal,
): Promise<HostAnswer> {
  try {
    return await answer(host, question, signal, unwanted);
  } catch (error) {
    return { error: failureOf(error) };
  }
}

async function answer(
  host: ScriptHost,
  { name, args }: Question,
  signal: AbortSignal,
  unwanted: AbortSignal,
): Promise<HostAnswer> {
  switch (name) {
    case 'call': {
      const outcome = await host.call(callRequest(args), signal, unwanted);
      if (!outcome.ok) return { error: outcome.error };
      return outcome.text === null ? { value: outcome.value } : { text: outcome.text };
    }
    case 'page': {
      const request = callRequest(args);
      const outcome = await host.call(request, signal, unwanted);
      return outcome.ok ? pageAnswer(request, outcome) : { error: outcome.error };
    }
    case 'resolve':
      return valueOrError(host.resolve(Array.isArray(args[0]) ? args[0].map(text) : []));
    case 'resolve_mcp':
      return valueOrError(await host.mcp.resolve(Array.isArray(args[0]) ? args[0].map(text) : []));
    case 'docs.list':
      return { value: await host.docs.list() };
    case 'docs.search':
      return { value: await host.docs.search(text(args[0]), object(args[1])) };
    case 'docs.read':
      return valueOrError(await host.docs.read(text(args[0]), object(args[1])));
    case 'results.read':
      return host.results.read(text(args[0]), text(args[1]));
    default:
      return valueOrError(await host.mcp.ask(text(args[0]), args.slice(1)));
  }
}

function callRequest([integration, account, operation, table]: readonly JsonValue[]): CallRequest {
  return {
    integration: text(integration),
    account: typeof account === 'string' ? account : null,
    function: text(operation),
    args: object(table),
  };
}

/** The rows of a page, and the arguments of the next one. A list that says nothing of more is one page. */
function pageAnswer(request: CallRequest, outcome: Extract<CallOutcome, { ok: true }>): HostAnswer {
  const items = itemsAt(outcome.value, outcome.page?.items ?? '');
  const next = outcome.page?.next ?? null;
  if (items === undefined) {
    return {
      error: failure('invalid_arguments', `paginate: ${request.function} does not answer with a list.`, {
        hint: 'Call it by itself.',
        details: { operation: outcome.record.function },
      }),
    };
  }
  if (next !== null && stringifyJson(next) === stringifyJson(request.args)) {
    return {
      error: failure(
        'invalid_response',
        `paginate: ${request.function} names the page it has just given as the next one.`,
        { details: { operation: outcome.record.function } },
      ),
    };
  }
  return { value: { items, next } };
}

function valueOrError(found: unknown): HostAnswer {
  // Only failures have a code, a message and a hint.
  if (typeof found === 'object' && found !== null && 'code' in found && 'hint' in found) {
    return { error: found as unknown as Extract<HostAnswer, { error: unknown }>['error'] };
  }
  return { value: found as JsonValue };
}

function text(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : stringifyJson(value);
}

function object(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
