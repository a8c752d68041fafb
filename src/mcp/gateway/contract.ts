import type { Approvals } from '../../approvals/index.ts';
import type { ApprovalRequest, CallOutcome, CallRecord, CallRequest, PlannedCall } from '../../call/index.ts';
import type { Catalog } from '../../catalog/index.ts';
import type { Docs } from '../../docs/index.ts';
import type { LuaLimits, ScriptOutcome } from '../../lua/index.ts';
import type { Results } from '../../results/index.ts';
import type { Failure } from '../../support/errors.ts';
import type { ToolProgress } from '../client/asking.ts';
import type { McpServers } from '../client/servers.ts';

/** What a gateway needs of the product: the runtime is one. */
export interface GatewayRuntime {
  readonly results: Results;
  lua(run: GatewayRun): Promise<GatewayOutcome>;
  /** Runs that wait for a person. */
  approvals(): Promise<Approvals>;
  readonly catalog: Catalog;
  readonly mcp: McpServers;
  call(request: CallRequest, settings: GatewayCall): Promise<CallOutcome>;
  docs(): Promise<Pick<Docs, 'list' | 'search' | 'read'>>;
  /** Has a Lua thread stand ready. */
  warm(): void;
}

/** How one call of an agent's is made. */
export interface GatewayCall {
  readonly account?: string;
  readonly force?: boolean;
  readonly writes?: 'deny' | 'ask';
  readonly client?: string;
  readonly signal?: AbortSignal;
  /** Called with how far a tool is. */
  readonly onProgress?: (progress: ToolProgress) => void;
  /** Asks a person; null when nobody has decided. */
  readonly approve?: (request: ApprovalRequest) => Promise<boolean | null>;
}

/** One program of an agent's. */
export interface GatewayRun extends GatewayCall {
  readonly source: string;
  readonly name: string;
  readonly dryRun?: boolean;
  readonly limits?: Partial<LuaLimits>;
  readonly seed?: number;
  readonly now?: number;
  readonly onCall?: (request: CallRequest, make: () => Promise<CallOutcome>) => Promise<CallOutcome>;
  readonly verdict?: () => Failure | null;
}

export interface GatewayOutcome extends ScriptOutcome {
  readonly calls: readonly CallRecord[];
  readonly planned: readonly PlannedCall[] | null;
}

/** What happens to a call that would change something. */
export type Writes = 'deny' | 'ask' | 'allow';

/** How a gateway was started. */
export interface GatewayOptions {
  readonly writes: Writes;
  /** The account of calls that name none. */
  readonly account: string | null;
  /** The names an agent can use, for the description of its tools. */
  readonly integrations: readonly string[];
  readonly servers: readonly string[];
  readonly version: string;
  /** Whether each operation is a tool of its own. */
  readonly classic: boolean;
  /** Patterns of the operations that are; null for all. */
  readonly tools: readonly string[] | null;
}
