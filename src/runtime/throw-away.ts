import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LuaLimits } from '../lua/index.ts';
import { localAccountName } from './local-server.ts';
import { Runtime } from './runtime.ts';
import type { LuaRunResult } from './settings.ts';

/** Enough for an example, and soon over for a mistake. */
const limits: LuaLimits = {
  cpuSeconds: 5,
  wallSeconds: 20,
  memoryBytes: 32 * 1024 * 1024,
  outputBytes: 256 * 1024,
};
const callLimits = { calls: 200, writes: 50 };

/**
 * Runs programs that reach nothing of the user's: each has a local server in memory to itself, which is gone with it,
 * and a home without accounts, keys or MCP servers. Nothing leaves the process.
 */
export class ThrowAwayRuns {
  readonly #home = mkdtempSync(join(tmpdir(), 'kosmo-throw-away-'));

  /** Runs a program. Whatever it does comes back as a value. */
  async run(source: string, signal: AbortSignal): Promise<LuaRunResult> {
    const runtime = new Runtime({
      home: this.#home,
      folder: this.#home,
      environment: {},
      localDatabase: ':memory:',
      offline: true,
      command: 'docs:serve',
    });
    try {
      return await runtime.lua({
        source,
        name: 'example.lua',
        account: localAccountName,
        limits,
        callLimits,
        signal,
      });
    } finally {
      await runtime.close();
    }
  }

  /** Takes away what the runs have left. */
  close(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}
