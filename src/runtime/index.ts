export type { ToolProgress } from '../mcp/index.ts';
export type { Overflow } from './large-output.ts';
export { localDatabase, openLocal } from './local-server.ts';
export { createRuntime, Runtime } from './runtime.ts';
export { Session } from './session.ts';
export type {
  CallSettings,
  InstalledIntegration,
  LuaRun,
  LuaRunResult,
  RunSettings,
  RuntimeOptions,
} from './settings.ts';
export { ThrowAwayRuns } from './throw-away.ts';
export type { FunctionTypes, TypedOutcome } from './typed-call.ts';
export { version } from './version.ts';
