import type { CallJournal } from '../call/index.ts';
import type { JsonValue } from '../support/json.ts';

/** What is known of a run when it begins. */
export interface RunStart {
  /** What was asked for: `integrations:lua`, `integrations:call`, `library`. */
  readonly command: string;
  /** The MCP client that asked; null when none did. */
  readonly client: string | null;
  /** What error messages call the program; null for a run that is one call. */
  readonly program: string | null;
  /** The program's text, of which a hash is kept. */
  readonly source: string | Uint8Array | null;
  /** The account of calls that name none. */
  readonly account: string;
}

/** How a run ended. */
export interface RunEnd {
  /** The catalogue's code; null when it went well. */
  readonly error: string | null;
}

/** A run that is being written down. */
export interface RunJournal extends CallJournal {
  readonly id: string;
  end(end: RunEnd): void;
}

/**
 * Where runs are written down while they go on. It is handed what happens and keeps it; it never fails a run. Several
 * processes may have one each over the same state.
 */
export interface Journal {
  begin(run: RunStart): RunJournal;
  /** Why something could not be written down; null while all could. */
  readonly fault: string | null;
}

/** `killed`: its process ended without a word of the run's end. */
export type RunState = 'running' | 'done' | 'failed' | 'killed';

/** A run, as it is read back. */
export interface RunSummary {
  readonly id: string;
  /** ISO 8601. */
  readonly started_at: string;
  readonly state: RunState;
  readonly command: string;
  readonly client: string | null;
  readonly user: string | null;
  readonly program: string | null;
  /** SHA-256 of the program's text, in hexadecimal. */
  readonly script_hash: string | null;
  readonly account: string;
  /** Null while it runs, and when its end is not known. */
  readonly duration_ms: number | null;
  readonly error: string | null;
  readonly calls: number;
  readonly failed_calls: number;
}

/** A call, as it is read back. */
export interface CallSummary {
  /** Its place among the run's calls, from 1. */
  readonly number: number;
  readonly started_at: string;
  readonly function: string;
  readonly account: string;
  readonly effect: string | null;
  /** Redacted and shortened. */
  readonly arguments: JsonValue;
  readonly status: number | null;
  readonly attempts: number;
  /** Null when what came of it is not known. */
  readonly duration_ms: number | null;
  readonly request_id: string | null;
  readonly error: string | null;
}

export interface RunFilter {
  /** Milliseconds since 1970; only runs since then. */
  readonly since: number | null;
  /** Only runs that failed or were killed, or in which a call failed. */
  readonly failed: boolean;
  /** Only runs with a call of one of these functions; `*` stands for anything. Null: all runs. */
  readonly functions: readonly string[] | null;
  readonly limit: number;
}

/** What has been written down. */
export interface JournalReader {
  /** The newest first. */
  runs(filter: RunFilter): RunSummary[];
  /** A run by its id, the beginning of it, or `last`; null when there is none, or more than one. */
  run(id: string): { readonly run: RunSummary; readonly calls: CallSummary[] } | null;
  close(): void;
}
