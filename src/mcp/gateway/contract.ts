import type { Approvals } from '../../approvals/index.ts';
import type { ApprovalRequest, CallOutcome, CallRecord, CallRequest, PlannedCall } from '../../call/index.ts';
import type { Docs } from '../../docs/index.ts';
import type { LuaLimits, ScriptOutcome } from '../../lua/index.ts';
import type { Results } from '../../results/index.ts';
import type { Failure } from '../../support/errors.ts';

/** What a gateway needs of the product: the runtime is one. */
export interface GatewayRuntime {
  readonly results: Results;
  lua(run: GatewayRun): Promise<GatewayOutcome>;
  /** Runs that wait for a person. */
  approvals(): Promise<Approvals>;
  docs(): Promise<Pick<Docs, 'list' | 'search' | 'read'>>;
  /** Has a Lua thread stand ready. */
  warm(): void;
}

/** One program of an agent's. */
export interface GatewayRun {
  readonly source: string;
  readonly name: string;
  readonly account?: string;
  readonly force?: boolean;
  readonly readOnly?: boolean;
  readonly writes?: 'deny' | 'ask';
  readonly dryRun?: boolean;
  readonly limits?: Partial<LuaLimits>;
  readonly seed?: number;
  readonly now?: number;
  readonly client?: string;
  readonly signal?: AbortSignal;
  readonly approve?: (request: ApprovalRequest) => Promise<boolean>;
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
}
