export { argumentSchemaOf } from './argument-schema.ts';
export { type CallLimits, defaultCallLimits } from './budget.ts';
export type { CallOutcome, CallRecord, CallRequest } from './call.ts';
export { literalIssues } from './literal-arguments.ts';
export { itemsAt, type Page } from './pagination.ts';
export { type ApprovalRequest, CallPipeline, type PipelineParts, type RunOptions } from './pipeline.ts';
export { OperationPlans } from './plan.ts';
export { unknownFunction } from './select.ts';
export type { Transport, TransportFailure, WireRequest, WireResponse } from './transport.ts';
