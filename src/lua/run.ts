import type { Failure } from '../support/errors.ts';
import { productFolder } from '../support/installation.ts';
import type { JsonValue } from '../support/json.ts';
import { readCounters } from './engine/allocator.ts';
import type { LuaLimits } from './limits.ts';
import { defaultLimits } from './limits.ts';
import type { ScriptHost } from './script-host.ts';
import { Supervisor } from './supervisor.ts';
import { type StartedThread, startThread } from './thread.ts';
import { LuaThreadHandle } from './worker.ts';

export interface ScriptRun {
  readonly source: string | Uint8Array;
  /** What error messages call it. */
  readonly name: string;
  readonly host: ScriptHost;
  readonly limits: LuaLimits;
  /** Called with what the program prints, as it prints it. */
  readonly onOutput?: (text: string) => void;
  /** A line of a session: the state is kept for the next line that is one, and what it returns is printed. */
  readonly session?: boolean;
  /** In place of the source of a session's line: names whose way is looked up, for completion. */
  readonly lookUp?: readonly string[];
  /** Only tells whether the program parses; nothing runs. */
  readonly parseOnly?: boolean;
  /** Makes random numbers and the order of keys the same in every run with it: any number. */
  readonly seed?: number;
  /** The time the program sees all the while, in milliseconds since 1970. */
  readonly now?: number;
  /** Ends the run when it is aborted. */
  readonly signal?: AbortSignal;
  /** A limit of the host's own: the run is ended once it gives a failure, whatever the program makes of it. */
  readonly verdict?: () => Failure | null;
}

export interface ScriptOutcome {
  readonly ok: boolean;
  /** What was printed, up to the limit, in whole prints. */
  readonly output: string;
  /** What was printed beyond the limit, and is not part of the output; null when nothing was. */
  readonly overflow: string | null;
  /** What the program returned (a list when it returned several values), else the last value it dumped. */
  readonly result: JsonValue;
  /** Whether the result was returned. */
  readonly returned: boolean;
  readonly error: Failure | null;
  /** Whether a line does not parse only because it is not finished. */
  readonly incomplete: boolean;
  /** Whether the thread was ended, and with it the state of a session. */
  readonly stopped: boolean;
  /** The most bytes the program held. */
  readonly memoryBytes: number;
  /** Milliseconds the program ran, waiting for calls left out. */
  readonly cpuMs: number;
}

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
