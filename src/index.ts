export type { ApprovalRequest, CallLimits, CallOutcome, CallRecord, CallRequest } from './call/index.ts';
export {
  type CallSettings,
  createRuntime,
  type FunctionTypes,
  type InstalledIntegration,
  type LuaRun,
  type LuaRunResult,
  type RunSettings,
  type Runtime,
  type RuntimeOptions,
  type ToolProgress,
  type TypedOutcome,
} from './runtime/index.ts';
export type { ErrorCode, Failure } from './support/errors.ts';
export type { JsonObject, JsonValue } from './support/json.ts';
