import type { CallOutcome, CallRequest } from '../call/call.ts';
import type { Failure } from '../support/errors.ts';
import type { JsonObject, JsonValue } from '../support/json.ts';

/**
 * What a script can reach outside itself, asked for on the main thread. The runtime implements it; the globals
 * (`app`, `docs`, `results`, `mcp`) are drawn from it and nothing else.
 */
export interface ScriptHost {
  /**
   * What stands at `app.integrations.<path>`: `[]` is the table of integrations, `['workos']` an integration,
   * `['workos', 'work']` an account of it or one of its functions, `['workos', 'work', 'list_users']` a function.
   * An unknown name is a failure whose message names the nearest ones.
   */
  resolve(path: readonly string[]): Resolved | Failure;
  /**
   * One call through the pipeline. `signal` is aborted when the run ends, `unwanted` when the program has no use for
   * the answer any more.
   */
  call(request: CallRequest, signal: AbortSignal, unwanted: AbortSignal): Promise<CallOutcome>;
  readonly docs: {
    /** Every page: name, title, one line. */
    list(): Promise<JsonValue>;
    search(query: string, options: JsonObject): Promise<JsonValue>;
    /** The page's markdown. */
    read(page: string, options: JsonObject): Promise<string | Failure>;
  };
  readonly results: {
    /** A value that an earlier run kept under a handle, or what stands at a path in it: `data[3].name`. */
    read(handle: string, path: string): { readonly value: JsonValue } | { readonly error: Failure };
  };
  readonly mcp: {
    /** What stands at `app.mcp.<path>`: `[]` the servers, `['github']` its tools, `['github', 'search']` one of them. */
    resolve(path: readonly string[]): Promise<Resolved | Failure>;
    /** `mcp.servers()`, `mcp.tools(server)`, …: the function's name and its arguments. */
    ask(name: string, args: readonly JsonValue[]): Promise<JsonValue | Failure>;
  };
}

export type Resolved =
  | { readonly kind: 'namespace'; readonly names: readonly string[] }
  | {
      readonly kind: 'function';
      readonly integration: string;
      readonly account: string | null;
      readonly function: string;
    };
