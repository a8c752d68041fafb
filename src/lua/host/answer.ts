import { failureOf } from '../../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue, stringifyJson } from '../../support/json.ts';
import type { HostAnswer } from '../engine/protocol.ts';
import type { ScriptHost } from '../script-host.ts';

/** Answers one question of a program. It never rejects: a fault of the host is an error the program sees. */
export async function answerAsk(
  host: ScriptHost,
  name: string,
  args: readonly JsonValue[],
  signal: AbortSignal,
): Promise<HostAnswer> {
  try {
    return await answer(host, name, args, signal);
  } catch (error) {
    return { error: failureOf(error) };
  }
}

async function answer(
  host: ScriptHost,
  name: string,
  args: readonly JsonValue[],
  signal: AbortSignal,
): Promise<HostAnswer> {
  switch (name) {
    case 'call': {
      const [integration, account, operation, table] = args;
      const outcome = await host.call(
        {
          integration: text(integration),
          account: typeof account === 'string' ? account : null,
          function: text(operation),
          args: object(table),
        },
        signal,
      );
      if (!outcome.ok) return { error: outcome.error };
      return outcome.text === null ? { value: outcome.value } : { text: outcome.text };
    }
    case 'resolve':
      return valueOrError(host.resolve(Array.isArray(args[0]) ? args[0].map(text) : []));
    case 'docs.list':
      return { value: await host.docs.list() };
    case 'docs.search':
      return { value: await host.docs.search(text(args[0]), object(args[1])) };
    case 'docs.read':
      return valueOrError(await host.docs.read(text(args[0]), object(args[1])));
    default:
      return valueOrError(await host.mcp.ask(text(args[0]), args.slice(1)));
  }
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
