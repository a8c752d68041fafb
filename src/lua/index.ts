import { LuaWorker } from './run.ts';
import type { ScriptOutcome, ScriptRun } from './script-run.ts';

export { defaultLimits, type LuaLimits } from './limits.ts';
export { LuaPool } from './pool.ts';
export type { LuaWorker } from './run.ts';
export type { Resolved, ScriptHost } from './script-host.ts';
export type { ScriptOutcome, ScriptRun } from './script-run.ts';
export type { StartedThread } from './thread.ts';

/** Starts a Lua engine in a thread of its own and returns at once; the engine loads meanwhile. */
export function startLuaWorker(): LuaWorker {
  return new LuaWorker();
}

/** Runs one program on a worker. */
export function runScript(worker: LuaWorker, run: ScriptRun): Promise<ScriptOutcome> {
  return worker.run(run);
}
