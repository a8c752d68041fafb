import { productFolder } from '../support/installation.ts';
import { readCounters } from './engine/allocator.ts';
import { defaultLimits } from './limits.ts';
import type { ScriptOutcome, ScriptRun } from './script-run.ts';
import { Supervisor } from './supervisor.ts';
import { type StartedThread, startThread } from './thread.ts';
import { LuaThreadHandle } from './worker.ts';

/** A Lua engine in a thread of its own, for any number of runs, one at a time. */
export class LuaWorker {
  #thread: LuaThreadHandle | null;
  #running = false;
  /** Whether the thread has run a program. */
  #used = false;
  /** Set while it closes: whatever runs is to end, and this is called once it has. */
  #closing: (() => void) | null = null;

  /** @param thread one that was started earlier */
  constructor(thread: StartedThread = startThread(productFolder())) {
    this.#thread = new LuaThreadHandle(thread);
  }

  /** Whether its thread has run a program. */
  get used(): boolean {
    return this.#used;
  }

  /** Whether it has a thread that has been started already. */
  get ready(): boolean {
    return this.#thread !== null;
  }

  /** Runs one program. Whatever it does, hitting a limit included, comes back as a value. */
  async run(run: ScriptRun): Promise<ScriptOutcome> {
    if (this.#running) throw new Error('The Lua worker is running another program.');
    this.#running = true;
    // What earlier runs left in the engine's memory would move the order of keys.
    if (run.seed !== undefined && this.#used && run.session !== true) await this.#end();
    const { memoryBytes } = run.limits;
    if (memoryBytes > (this.#thread?.memoryBytes ?? memoryBytes)) await this.#end();
    this.#thread ??= new LuaThreadHandle(
      startThread(productFolder(), Math.max(memoryBytes, defaultLimits.memoryBytes)),
    );
    this.#used = true;
    try {
      return await this.#watch(this.#thread, run);
    } finally {
      this.#running = false;
      this.#closing?.();
    }
  }

  /** Asks the line of a session that runs to end with an error; its state goes on. */
  interrupt(): void {
    this.#thread?.control.interrupt();
  }

  /** Ends the thread. A program that runs ends as interrupted. */
  async close(): Promise<void> {
    if (this.#running) await new Promise<void>((resolve) => (this.#closing = resolve));
    this.#closing = null;
    await this.#end();
  }

  async #end(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    this.#used = false;
    await thread?.terminate();
  }

  async #watch(thread: LuaThreadHandle, run: ScriptRun): Promise<ScriptOutcome> {
    const supervisor = new Supervisor(thread, run, () => this.#closing !== null);
    const ended = await supervisor.supervise();
    const cpuMs = thread.control.busyMs();
    const memoryBytes = readCounters(thread.counters).peak;
    if ('kind' in ended) {
      supervisor.stop();
      const { result, returned, error, incomplete = false, lost = false, spoiled = false } = ended;
      if (spoiled) await this.#end();
      const ok = error === null;
      return {
        ok,
        output: supervisor.output,
        overflow: supervisor.overflow,
        result,
        returned,
        error,
        incomplete,
        stopped: lost,
        memoryBytes,
        cpuMs,
      };
    }
    this.#thread = null;
    this.#used = false;
    // Listened to until it is gone: what it printed last may still be on its way.
    const rest = await thread.terminate();
    supervisor.stop();
    supervisor.print(rest);
    return {
      ok: false,
      output: supervisor.output,
      overflow: supervisor.overflow,
      result: null,
      returned: false,
      error: ended,
      incomplete: false,
      stopped: true,
      memoryBytes,
      cpuMs,
    };
  }
}
