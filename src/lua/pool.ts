import { LuaWorker } from './run.ts';
import type { ScriptOutcome, ScriptRun } from './script-run.ts';
import type { StartedThread } from './thread.ts';

/** How many programs run at once; any further one waits its turn. */
const mostRunning = 16;
/** How many threads are kept when there is nothing to run. */
const mostIdle = 2;

/**
 * Lua threads for a host that runs many programs, several at once. Every program has a thread to itself while it runs
 * and a state to itself that is never used again; the threads are used again, and from the second program on one
 * stands ready that has loaded everything.
 */
export class LuaPool {
  /** The one that has just run something last: it is taken next, for what it runs is compiled in it by then. */
  #idle: LuaWorker[];
  readonly #taken = new Set<LuaWorker>();
  #waiting: (() => void)[] = [];
  #running = 0;
  #runs = 0;
  #closed = false;

  /** @param first a thread that was started earlier */
  constructor(first: StartedThread | null = null) {
    this.#idle = first === null ? [] : [new LuaWorker(first)];
  }

  /** Runs one program. Whatever it does, hitting a limit included, comes back as a value. */
  async run(run: ScriptRun): Promise<ScriptOutcome> {
    if (this.#running >= mostRunning) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    this.#runs += 1;
    const worker = this.#next(run.seed !== undefined);
    // Whoever runs a second program will run a third.
    if (this.#runs > 1 && this.#idle.length === 0 && !this.#closed) this.#idle.unshift(new LuaWorker());
    try {
      return await worker.run(this.#closed ? { ...run, signal: AbortSignal.abort() } : run);
    } finally {
      this.#running -= 1;
      await this.#giveBack(worker);
      this.#waiting.shift()?.();
    }
  }

  /** A thread for whoever keeps one, as a session does: it is never given to anyone else. */
  take(): LuaWorker {
    return this.#next(false);
  }

  /** Has a thread load before the first program comes. */
  warm(): void {
    if (this.#idle.length === 0 && !this.#closed) this.#idle.push(new LuaWorker());
  }

  /** Ends every thread. What runs, or waits to, ends as interrupted. */
  async close(): Promise<void> {
    this.#closed = true;
    const workers = [...this.#idle, ...this.#taken];
    this.#idle = [];
    this.#taken.clear();
    await Promise.all(workers.map((worker) => worker.close()));
  }

  /** @param unused whether a thread that has run nothing yet is wanted, because any other will be started anew */
  #next(unused: boolean): LuaWorker {
    const index = unused ? this.#idle.findIndex((worker) => !worker.used) : -1;
    const [worker = new LuaWorker()] = this.#idle.splice(index, 1);
    this.#taken.add(worker);
    return worker;
  }

  async #giveBack(worker: LuaWorker): Promise<void> {
    // Not there any more: the pool was closed meanwhile.
    if (!this.#taken.delete(worker)) return;
    if (worker.ready && !this.#closed && this.#idle.length < mostIdle) this.#idle.push(worker);
    else await worker.close();
  }
}
