export type { ApprovalRequest, CallLimits, CallOutcome, CallRecord, CallRequest } from './call/index.ts';
export {
  createRuntime,
  type LuaRun,
  type LuaRunResult,
  type Runtime,
  type RuntimeOptions,
} from './runtime/index.ts';
export type { ErrorCode, Failure } from './support/errors.ts';
export type { JsonObject, JsonValue } from './support/json.ts';
