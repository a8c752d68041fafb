import { isJsonObject, type JsonObject, type JsonValue } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';

/** A line of the spool. Times are milliseconds since 1970, durations milliseconds. */
export type Line = RunLine | CallLine | EndLine;

export interface RunLine {
  readonly kind: 'run';
  readonly run: string;
  readonly at: number;
  readonly host: string;
  readonly pid: number;
  readonly user: string | null;
  readonly command: string;
  readonly client: string | null;
  readonly program: string | null;
  readonly script_hash: string | null;
  readonly account: string;
}

/** A call; one that is written down twice has been settled meanwhile. */
export interface CallLine {
  readonly kind: 'call';
  readonly run: string;
  readonly number: number;
  readonly at: number;
  readonly function: string;
  readonly account: string;
  readonly effect: string | null;
  readonly arguments: JsonValue;
  readonly status: number | null;
  readonly attempts: number;
  /** Null while it is not settled. */
  readonly duration_ms: number | null;
  readonly request_id: string | null;
  readonly error: string | null;
}

export interface EndLine {
  readonly kind: 'end';
  readonly run: string;
  readonly at: number;
  readonly duration_ms: number;
  readonly error: string | null;
}

/** Reads a line; null for what is none, such as the half of a line that a full disk left. */
export function parseLine(text: string): Line | null {
  const value = parseJson(text);
  if (!isJsonObject(value)) return null;
  const line = new Fields(value);
  const run = line.text('run');
  const at = line.number('at');
  if (run === null || at === null) return null;
  const error = line.text('error');
  const duration_ms = line.number('duration_ms');
  const account = line.text('account') ?? 'default';
  switch (value['kind']) {
    case 'run':
      return {
        kind: 'run',
        run,
        at,
        account,
        host: line.text('host') ?? '',
        pid: line.number('pid') ?? 0,
        user: line.text('user'),
        command: line.text('command') ?? '',
        client: line.text('client'),
        program: line.text('program'),
        script_hash: line.text('script_hash'),
      };
    case 'call':
      return {
        kind: 'call',
        run,
        at,
        account,
        error,
        duration_ms,
        number: line.number('number') ?? 0,
        function: line.text('function') ?? '',
        effect: line.text('effect'),
        arguments: value['arguments'] ?? null,
        status: line.number('status'),
        attempts: line.number('attempts') ?? 0,
        request_id: line.text('request_id'),
      };
    case 'end':
      return { kind: 'end', run, at, error, duration_ms: duration_ms ?? 0 };
    default:
      return null;
  }
}

class Fields {
  readonly #object: JsonObject;

  constructor(object: JsonObject) {
    this.#object = object;
  }

  text(name: string): string | null {
    const value = this.#object[name];
    return typeof value === 'string' ? value : null;
  }

  number(name: string): number | null {
    const value = this.#object[name];
    return typeof value === 'number' ? value : null;
  }
}
