export { cutMark } from './cut-value.ts';
export type { Overflow } from './large-output.ts';
export { localDatabase, openLocal } from './local-server.ts';
export {
  type CallSettings,
  createRuntime,
  type InstalledIntegration,
  type LuaRun,
  type LuaRunResult,
  type RunSettings,
  Runtime,
  type RuntimeOptions,
} from './runtime.ts';
export { Session } from './session.ts';
export type { FunctionTypes, TypedOutcome } from './typed-call.ts';
export { version } from './version.ts';
