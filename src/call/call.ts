import type { Effect } from '../manifest/manifest.ts';
import type { Failure } from '../support/errors.ts';
import type { JsonObject, JsonValue } from '../support/json.ts';
import type { Page } from './pagination.ts';

/** What any front end asks for: one call of one operation. */
export interface CallRequest {
  readonly integration: string;
  /** Null: the run's default account. */
  readonly account: string | null;
  /** Any of the operation's names. */
  readonly function: string;
  readonly args: JsonObject;
  /** HTTP headers beside those of the operation. Credentials are none of them. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How many milliseconds it may take, its repetitions included; what the run says unless given. */
  readonly timeoutMs?: number;
}

/** What came of it. A refused or failed call is a value too: nothing in the pipeline throws for it. */
export type CallOutcome =
  | {
      readonly ok: true;
      readonly value: JsonValue;
      /** The answer's JSON text when there is one; it keeps what `value` cannot (key order of numeric keys, `1.0`). */
      readonly text: string | null;
      /** For an operation whose list goes on: where its rows are, and how to get more. */
      readonly page: Page | null;
      readonly record: CallRecord;
    }
  | { readonly ok: false; readonly error: Failure; readonly record: CallRecord };

/** A line of the run's journal; the `integration_calls` of an envelope, field for field. */
export interface CallRecord {
  /** Full name with its integration: `workos.workos_organizations_list`; as asked for when it names nothing. */
  readonly function: string;
  readonly account: string;
  readonly effect: Effect | null;
  /** HTTP status; null when nothing was answered, and for a tool of an MCP server, whose answers have none. */
  readonly status: number | null;
  /** How often it was sent: 0 for a call that was refused. */
  readonly attempts: number;
  readonly duration_ms: number;
  readonly request_id: string | null;
  /** True for a call that a dry run did not send. */
  readonly planned?: boolean;
  /** Why only the names of its arguments were checked; there only when it was so. */
  readonly names_only?: string;
  /** The catalogue's code when the call failed or was refused. */
  readonly error?: string;
}
