import type { CallToolResult } from '@modelcontextprotocol/server';
import type { CallRecord } from '../../call/index.ts';
import type { Results } from '../../results/index.ts';
import { cutValue } from '../../support/cut-value.ts';
import type { Failure } from '../../support/errors.ts';
import { type JsonObject, type JsonValue, stringifyJson } from '../../support/json.ts';
import type { GatewayOutcome } from './contract.ts';

/** How much of a run's output, and of its result, an agent is shown, in bytes: some thousand tokens. */
const shownBytes = 16_000;
/** How much of an error's message and of its details, in characters. */
const shownOfError = 4_000;

/** A value or text of which a part is shown, with the handle of all of it. */
interface Shown<T> {
  readonly part: T;
  /** Null when all of it is shown, or when it could not be kept. */
  readonly handle: string | null;
  /** How many bytes it has; null when all of it is shown. */
  readonly bytes: number | null;
}

/** What came of a program, as an agent reads it: in text, and as data of the same content. */
export function shownOutcome(outcome: GatewayOutcome, results: Results): CallToolResult {
  const { error } = outcome;
  const output = shownOutput(outcome.output, results);
  const result = shownValue(outcome.result, results);
  const hasResult = outcome.returned || outcome.result !== null;
  const calls = callCounts(outcome.calls);
  const planned = outcome.planned === null ? null : shownValue(plainData(outcome.planned), results);
  const structured: JsonObject = {
    ...(output.part === '' ? {} : { output: output.part }),
    ...(hasResult ? { result: result.part } : {}),
    ...(error === null ? {} : { error: shownFailure(error) }),
    ...(Object.keys(calls).length === 0 ? {} : { calls }),
    ...(planned === null ? {} : { planned: planned.part }),
    ...kept({ output, result, planned }),
  };
  const texts = [
    output.part.trimEnd(),
    noteOf('output', output),
    ...(hasResult ? [textOf(result.part), noteOf('result', result)] : []),
    ...(planned === null ? [] : [`planned, not sent: ${textOf(planned.part)}`, noteOf('plan', planned)]),
    error === null ? '' : failureText(error),
    callsText(calls),
  ];
  const text = texts.filter((line) => line !== '').join('\n');
  return {
    content: [{ type: 'text', text: text === '' ? 'Done. It printed and returned nothing.' : text }],
    structuredContent: plainObject(structured),
    ...(error === null ? {} : { isError: true }),
  };
}

/** A value, as the result of a tool. */
export function shownResult(value: JsonValue, results: Results): CallToolResult {
  const result = shownValue(value, results);
  const note =
    result.bytes === null ? '' : `\n[cut: ${result.bytes} bytes; read_result with handle ${result.handle}]`;
  return {
    content: [{ type: 'text', text: `${textOf(result.part)}${note}` }],
    structuredContent: plainObject({ result: result.part, ...kept({ result }) }),
  };
}

/** A failure, as the result of a tool. */
export function shownError(error: Failure): CallToolResult {
  return {
    content: [{ type: 'text', text: failureText(error) }],
    structuredContent: plainObject({ error: shownFailure(error) }),
    isError: true,
  };
}

/** A value as an agent is shown it; one that is too long is cut at the borders of values, and kept. */
function shownValue(value: JsonValue, results: Results): Shown<JsonValue> {
  const bytes = Buffer.byteLength(stringifyJson(value));
  if (bytes <= shownBytes) return { part: value, handle: null, bytes: null };
  return { part: cutValue(value, shownBytes), handle: results.keep(value), bytes };
}

/** What was printed, cut behind a line. */
function shownOutput(output: string, results: Results): Shown<string> {
  const bytes = Buffer.byteLength(output);
  if (bytes <= shownBytes) return { part: output, handle: null, bytes: null };
  const head = Buffer.from(output)
    .subarray(0, shownBytes)
    .toString('utf8')
    // Half of a character at the end.
    .replace(/\ufffd+$/, '');
  const end = head.lastIndexOf('\n');
  return { part: end > shownBytes / 2 ? head.slice(0, end + 1) : head, handle: results.keep(output), bytes };
}

/** What is said of something that was cut. */
function noteOf(what: string, { handle, bytes }: Shown<unknown>): string {
  if (bytes === null) return '';
  const rest = handle === null ? '' : `; results.read("${handle}", path) in Lua has all of it`;
  return `[the ${what} is cut: ${bytes} bytes${rest}]`;
}

function kept(parts: Readonly<Record<string, Shown<unknown> | null>>): JsonObject {
  const cut = Object.entries(parts).flatMap(([name, part]) =>
    part === null || part.bytes === null ? [] : [[name, { handle: part.handle, bytes: part.bytes }] as const],
  );
  return cut.length === 0 ? {} : { cut: Object.fromEntries(cut) };
}

function failureText({ code, message, hint }: Failure): string {
  const shown = message.length > shownOfError ? `${message.slice(0, shownOfError)}…` : message;
  return `error ${code}: ${shown}${hint === '' ? '' : `\n${hint}`}`;
}

function shownFailure({ code, message, hint, details }: Failure): JsonObject {
  const data = plainData(details);
  return {
    code,
    message: message.length > shownOfError ? `${message.slice(0, shownOfError)}…` : message,
    ...(hint === '' ? {} : { hint }),
    ...(Object.keys(details).length === 0 ? {} : { details: cutValue(data, shownOfError) }),
  };
}

/** How often each function was called; a failed call counts under its error. */
function callCounts(calls: readonly CallRecord[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { function: name, error, planned } of calls) {
    const key = `${name}${error === undefined ? '' : ` (${error})`}${planned === true ? ' (planned)' : ''}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

function callsText(calls: Readonly<Record<string, number>>): string {
  const entries = Object.entries(calls);
  if (entries.length === 0) return '';
  return `[calls: ${entries.map(([name, count]) => `${name}${count === 1 ? '' : ` ×${count}`}`).join(', ')}]`;
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : stringifyJson(value);
}

/** The protocol's library writes JSON that knows no integers beyond doubles: those become texts with all their digits. */
function plainObject(value: JsonObject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

function plain(value: JsonValue): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'object' && value !== null ? plainObject(value) : value;
}

/** Records of the pipeline are plain data; this drops what is undefined. */
function plainData(value: unknown): JsonValue {
  return JSON.parse(stringifyJson(value) ?? 'null') as JsonValue;
}
