/** What one run may use. */
export interface LuaLimits {
  /** Seconds the program may run, waiting for calls left out. */
  readonly cpuSeconds: number;
  /** Seconds the run may take in all. */
  readonly wallSeconds: number;
  /** Bytes the program may hold. */
  readonly memoryBytes: number;
  /** Bytes the program may print. */
  readonly outputBytes: number;
}

export const defaultLimits: LuaLimits = {
  cpuSeconds: 30,
  wallSeconds: 600,
  memoryBytes: 32 * 1024 * 1024,
  outputBytes: 1024 * 1024,
};
