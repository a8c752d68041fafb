import type {
  ApprovalRequest,
  CallLimits,
  CallOutcome,
  CallRecord,
  CallRequest,
  FileAccess,
  PlannedCall,
} from '../call/index.ts';
import type { LuaLimits, ScriptOutcome } from '../lua/index.ts';
import type { ToolProgress } from '../mcp/index.ts';
import type { Failure } from '../support/errors.ts';
import type { Overflow } from './large-output.ts';

export interface RuntimeOptions {
  /** Where a user's state is; `$KOSMO_HOME`, else `~/.kosmo`. */
  readonly home?: string;
  /** Environment variables, which fill accounts; the process's own unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The project's folder, whose files may configure MCP servers; the working directory unless given. */
  readonly folder?: string;
  /** The local server's database; a file under `home` unless given, or `:memory:`. */
  readonly localDatabase?: string;
  /** Whether nothing may leave the process: no call over HTTP, no webhook of the local server. */
  readonly offline?: boolean;
  /** What the journal calls whatever asks: a command's name, or `library` unless given. */
  readonly command?: string;
  /** The integrations there are, of those that are installed; all unless given. */
  readonly integrations?: readonly string[];
  /** The MCP servers there are, of those that are configured; all unless given. */
  readonly servers?: readonly string[];
}

/** What a run may do. */
export interface RunSettings {
  /** The account of calls that name none. */
  readonly account?: string;
  /** Skips the policy's question, never its deny. */
  readonly force?: boolean;
  readonly readOnly?: boolean;
  /** The least that is done about whatever changes something, however much an account allows. */
  readonly writes?: 'deny' | 'ask';
  /** Patterns of operations: what would be asked is allowed, or what would be allowed is denied. */
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly callLimits?: Partial<CallLimits>;
  /** How many milliseconds one call may take, its repetitions included: 120,000 unless given. */
  readonly callTimeoutMs?: number;
  /** The MCP client that asks, for the journal. */
  readonly client?: string;
  /** Asks a person to approve a call; without it, what needs approval fails, and so it does for null. */
  readonly approve?: (request: ApprovalRequest) => Promise<boolean | null>;
  /** Called with how far a tool of an MCP server is, when its server tells. */
  readonly onProgress?: (progress: ToolProgress) => void;
  /** Which files its calls may send: any, or those below some folders; none unless given. */
  readonly files?: FileAccess;
  /** Sends nothing that would change something: a write is planned, and what it would answer is made up. */
  readonly dryRun?: boolean;
}

/** How one call is made. */
export interface CallSettings extends RunSettings {
  /** Ends the call. */
  readonly signal?: AbortSignal;
  /** Sends nothing; the call's value is the HTTP request as it would go out, with secrets taken out. */
  readonly preview?: boolean;
}

/** One Lua program and how to run it. */
export interface LuaRun extends RunSettings {
  readonly source: string | Uint8Array;
  /** As error messages call it: `workflow.lua`. */
  readonly name: string;
  readonly limits?: Partial<LuaLimits>;
  /** Makes random numbers and the order of keys the same in every run with it. */
  readonly seed?: number;
  /** The time the program sees all the while, in milliseconds since 1970. */
  readonly now?: number;
  /** False for a program that has only MCP servers. */
  readonly integrations?: boolean;
  /** Called with what the program prints, as it prints it. */
  readonly onOutput?: (text: string) => void;
  /** Ends the run. */
  readonly signal?: AbortSignal;
  /** Stands around every call of the program: it has the call made, or answers it itself. */
  readonly onCall?: (request: CallRequest, make: () => Promise<CallOutcome>) => Promise<CallOutcome>;
  /** Ends the run with a failure once it gives one, whatever the program makes of it. */
  readonly verdict?: () => Failure | null;
}

export interface LuaRunResult extends ScriptOutcome {
  /** What the journal calls the run. */
  readonly runId: string;
  readonly calls: readonly CallRecord[];
  /** The calls of a dry run that were not sent; null for a run that was meant. */
  readonly planned: readonly PlannedCall[] | null;
  /** Of a result that was too large, and of which `result` is a part; else null. */
  readonly cut: Overflow | null;
}

export interface InstalledIntegration {
  readonly name: string;
  readonly title: string;
  /** How many there are. */
  readonly functions: number;
  /** Whether there is an account for the API itself, beside the local server. */
  readonly configured: boolean;
  readonly enabled: boolean;
  /** Their names. */
  readonly accounts: readonly string[];
}
