import type { CallRecord } from '../call/index.ts';
import type { Failure } from '../support/errors.ts';
import { type JsonValue, stringifyJson } from '../support/json.ts';

/** What came of a run, as far as it came. */
export interface RunReport {
  readonly output?: string;
  readonly result?: JsonValue;
  readonly error: Failure | null;
  /** Milliseconds, start to end. */
  readonly elapsed?: number;
  /** The most bytes the program held. */
  readonly memoryBytes?: number;
  readonly calls?: readonly CallRecord[];
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** The one JSON object that `--json` prints for a Lua program. */
export function luaEnvelope(report: RunReport): string {
  return stringifyJson({
    success: report.error === null,
    output: report.output ?? '',
    result: report.result ?? null,
    error: report.error,
    execution_time_ms: Math.round((report.elapsed ?? 0) * 10) / 10,
    memory_usage: report.memoryBytes ?? 0,
    integration_calls: report.calls ?? [],
    meta: report.meta ?? {},
  });
}

/** What came of one call. */
export interface CallReport {
  /** Full name with its integration; as asked for when it names nothing. */
  readonly function: string;
  readonly data: JsonValue;
  readonly error: Failure | null;
  readonly meta?: Readonly<Record<string, JsonValue>>;
  /** Milliseconds, start to end. */
  readonly elapsed?: number;
}

/** The one JSON object that `--json` prints for a call. */
export function callEnvelope(report: CallReport): string {
  return stringifyJson({
    function: report.function,
    success: report.error === null,
    data: report.data,
    error: report.error,
    meta: report.meta ?? {},
    duration_ms: Math.round((report.elapsed ?? 0) * 10) / 10,
  });
}
