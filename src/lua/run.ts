import { type Failure, failure } from '../support/errors.ts';
import { productFolder } from '../support/installation.ts';
import type { JsonValue } from '../support/json.ts';
import { clearLimitHit, readCounters } from './engine/allocator.ts';
import { answerSize } from './engine/port.ts';
import type { EndMessage } from './engine/protocol.ts';
import { answerAsk } from './host/answer.ts';
import { memoryLimit, outputLimit } from './limit-failures.ts';
import type { LuaLimits } from './limits.ts';
import { defaultLimits } from './limits.ts';
import type { ScriptHost } from './script-host.ts';
import { type StartedThread, startThread } from './thread.ts';
import { LuaThreadHandle } from './worker.ts';

/** How often the watchdog looks, in milliseconds. */
const watchInterval = 5;

/** How many bytes of answers may wait for the program beyond the memory it may use. */
const untaken = 4 * 1024 * 1024;

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
  /** How many programs run in this process. */
  static #runs = 0;
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
    LuaWorker.#runs += 1;
    try {
      return await this.#watch(this.#thread, run);
    } finally {
      LuaWorker.#runs -= 1;
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
    const { limits, host } = run;
    const calls = new AbortController();
    const started = performance.now();
    /** Questions that are not answered yet. */
    const open = new Map<number, AbortController>();
    /** Of answered questions: to make one takes longer than most of what is done with it. */
    const spare: AbortController[] = [];
    let output = '';
    let overflow: string | null = null;
    /** Bytes of answers given. */
    let answered = 0;
    const print = (text: string) => {
      if (text === '') return;
      output += text;
      run.onOutput?.(text);
    };
    let stopListening: () => void = () => undefined;
    const ended = await new Promise<EndMessage | Failure>((resolve) => {
      stopListening = thread.listen(
        (message) => {
          if (message.kind === 'output') print(message.text);
          else if (calls.signal.aborted) return;
          else if (message.kind === 'ask') {
            const { id, name, args } = message;
            const unwanted = spare.pop() ?? new AbortController();
            open.set(id, unwanted);
            void answerAsk(host, { name, args }, calls.signal, unwanted.signal).then((answer) => {
              open.delete(id);
              if (!unwanted.signal.aborted) spare.push(unwanted);
              if (calls.signal.aborted) return;
              answered += answerSize(answer);
              if (answered - thread.control.taken() > limits.memoryBytes + untaken)
                return finish(memoryLimit());
              thread.answer({ id, answer });
              if (open.size === 0 && LuaWorker.#runs === 1) thread.attend();
            });
          } else if (message.kind === 'cancel') {
            for (const id of message.ids) open.get(id)?.abort();
          } else if (message.kind === 'overflow') {
            overflow = message.text;
            finish(outputLimit(limits));
          } else finish(message);
        },
        (error) => finish(threadFailure(error)),
      );
      const watch = setInterval(() => {
        const closing = this.#closing === null ? null : interrupted();
        const verdict =
          closing ?? run.verdict?.() ?? verdictOf(thread, limits, performance.now() - started, run.signal);
        if (verdict !== null) finish(verdict);
      }, watchInterval);
      const finish = (end: EndMessage | Failure) => {
        clearInterval(watch);
        calls.abort();
        resolve(end);
      };
      thread.control.resetClock();
      thread.control.clearInterrupt();
      thread.control.resetTaken();
      // The thread does so too, but this one may look before it has come to it.
      clearLimitHit(thread.counters);
      const { source, name } = run;
      thread.run({
        kind: 'run',
        source,
        name,
        memoryBytes: limits.memoryBytes,
        outputBytes: limits.outputBytes,
        session: run.session ?? false,
        lookUp: run.lookUp ?? null,
        parseOnly: run.parseOnly ?? false,
        seed: run.seed ?? null,
        now: run.now ?? null,
      });
    });
    const cpuMs = thread.control.busyMs();
    const memoryBytes = readCounters(thread.counters).peak;
    if ('kind' in ended) {
      stopListening();
      const { result, returned, error, incomplete = false, lost = false, spoiled = false } = ended;
      if (spoiled) await this.#end();
      const ok = error === null;
      return {
        ok,
        output,
        overflow,
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
    stopListening();
    print(rest);
    return {
      ok: false,
      output,
      overflow,
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

/** The limit that a run has hit, or that it was interrupted; null while it may go on. */
function verdictOf(
  thread: LuaThreadHandle,
  limits: LuaLimits,
  elapsedMs: number,
  signal?: AbortSignal,
): Failure | null {
  if (signal?.aborted === true) return interrupted();
  if (readCounters(thread.counters).limitHit) return memoryLimit();
  if (thread.control.busyMs() > limits.cpuSeconds * 1000) {
    return failure('cpu_limit', `The program ran for more than ${limits.cpuSeconds} s of CPU time.`, {
      details: { seconds: limits.cpuSeconds },
    });
  }
  if (elapsedMs > limits.wallSeconds * 1000) {
    return failure('time_limit', `The run took more than ${limits.wallSeconds} s.`, {
      details: { seconds: limits.wallSeconds },
    });
  }
  return null;
}

/** Why a thread ended by itself: it is out of memory, or the fault is ours. */
function threadFailure(error: Error): Failure {
  if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') return memoryLimit();
  return failure('internal', `The Lua thread failed: ${error.message}`);
}

function interrupted(): Failure {
  return failure('interrupted', 'The run was interrupted.');
}
