import type { Failure } from '../support/errors.ts';
import type { JsonValue } from '../support/json.ts';
import type { LuaLimits } from './limits.ts';
import type { ScriptHost } from './script-host.ts';

/** One program that is to run. */
export interface ScriptRun {
  readonly source: string | Uint8Array;
  /** What error messages call it. */
  readonly name: string;
  readonly host: ScriptHost;
  readonly limits: LuaLimits;
  /** Called with what the program prints, as it prints it. */
  readonly onOutput?: (text: string) => void;
  /** A line of a session: the state is kept for the next line that is one, and what it returns is printed. */
  readonly session?: boolean;
  /** In place of the source of a session's line: names whose way is looked up, for completion. */
  readonly lookUp?: readonly string[];
  /** Only tells whether the program parses; nothing runs. */
  readonly parseOnly?: boolean;
  /** Makes random numbers and the order of keys the same in every run with it: any number. */
  readonly seed?: number;
  /** The time the program sees all the while, in milliseconds since 1970. */
  readonly now?: number;
  /** Ends the run when it is aborted. */
  readonly signal?: AbortSignal;
  /** A limit of the host's own: the run is ended once it gives a failure, whatever the program makes of it. */
  readonly verdict?: () => Failure | null;
}

/** What came of it. */
export interface ScriptOutcome {
  readonly ok: boolean;
  /** What was printed, up to the limit, in whole prints. */
  readonly output: string;
  /** What was printed beyond the limit, and is not part of the output; null when nothing was. */
  readonly overflow: string | null;
  /** What the program returned (a list when it returned several values), else the last value it dumped. */
  readonly result: JsonValue;
  /** Whether the result was returned. */
  readonly returned: boolean;
  readonly error: Failure | null;
  /** Whether a line does not parse only because it is not finished. */
  readonly incomplete: boolean;
  /** Whether the thread was ended, and with it the state of a session. */
  readonly stopped: boolean;
  /** The most bytes the program held. */
  readonly memoryBytes: number;
  /** Milliseconds the program ran, waiting for calls left out. */
  readonly cpuMs: number;
}
