import { SpareControllers } from '../support/abort.ts';
import { type Failure, failure } from '../support/errors.ts';
import { clearLimitHit, readCounters } from './engine/allocator.ts';
import { answerSize } from './engine/port.ts';
import type { AskMessage, EndMessage, HostAnswer, WorkerMessage } from './engine/protocol.ts';
import { answerAsk } from './host/answer.ts';
import { memoryLimit, outputLimit } from './limit-failures.ts';
import type { ScriptRun } from './script-run.ts';
import type { LuaThreadHandle, ThreadListener } from './worker.ts';

/** How often the watchdog looks, in milliseconds. */
const watchInterval = 5;

/** How many bytes of answers may wait for the program beyond the memory it may use. */
const untaken = 4 * 1024 * 1024;

const spare = new SpareControllers();

/** One run of a program as the main thread sees it: answers what it asks, keeps what it prints, and watches its limits. */
export class Supervisor implements ThreadListener {
  /** How many programs run in this process. */
  static #running = 0;
  readonly #thread: LuaThreadHandle;
  readonly #run: ScriptRun;
  readonly #closing: () => boolean;
  readonly #started = performance.now();
  /** Aborted when the run ends while calls are under way. */
  readonly #calls = spare.take();
  /** Questions that are not answered yet → aborted when nobody wants the answer any more. */
  readonly #open = new Map<number, AbortController>();
  /** Null before it begins, and once it has ended. */
  #resolve: ((end: EndMessage | Failure) => void) | null = null;
  #watch: NodeJS.Timeout | null = null;
  #output = '';
  #overflow: string | null = null;
  /** Bytes of answers given. */
  #answered = 0;

  /** @param closing whether whatever runs is to end */
  constructor(thread: LuaThreadHandle, run: ScriptRun, closing: () => boolean) {
    this.#thread = thread;
    this.#run = run;
    this.#closing = closing;
  }

  /** What was printed, up to the limit. */
  get output(): string {
    return this.#output;
  }

  /** What was printed beyond the limit; null when nothing was. */
  get overflow(): string | null {
    return this.#overflow;
  }

  /** Has the program run, and gives how it ended by itself, or why it is to be ended. */
  supervise(): Promise<EndMessage | Failure> {
    const ended = new Promise<EndMessage | Failure>((resolve) => (this.#resolve = resolve));
    Supervisor.#running += 1;
    this.#thread.listen(this);
    this.#watch = setInterval(() => {
      const verdict = this.#verdict();
      if (verdict !== null) this.#finish(verdict);
    }, watchInterval);
    const { control, counters } = this.#thread;
    control.resetClock();
    control.clearInterrupt();
    control.resetTaken();
    // The thread does so too, but this one may look before it has come to it.
    clearLimitHit(counters);
    const { source, name, limits, session, lookUp, parseOnly, seed, now } = this.#run;
    this.#thread.run({
      kind: 'run',
      source,
      name,
      memoryBytes: limits.memoryBytes,
      outputBytes: limits.outputBytes,
      session: session ?? false,
      lookUp: lookUp ?? null,
      parseOnly: parseOnly ?? false,
      seed: seed ?? null,
      now: now ?? null,
    });
    return ended;
  }

  /** Hears nothing of the thread any more. */
  stop(): void {
    this.#thread.listen(null);
  }

  print(text: string): void {
    if (text === '') return;
    this.#output += text;
    this.#run.onOutput?.(text);
  }

  said(message: WorkerMessage): void {
    if (message.kind === 'output') this.print(message.text);
    else if (this.#resolve === null) return;
    else if (message.kind === 'ask') void this.#answer(message);
    else if (message.kind === 'cancel') for (const id of message.ids) this.#open.get(id)?.abort();
    else if (message.kind === 'overflow') {
      this.#overflow = message.text;
      this.#finish(outputLimit(this.#run.limits));
    } else this.#finish(message);
  }

  failed(error: Error): void {
    this.#finish(threadFailure(error));
  }

  async #answer({ id, name, args }: AskMessage): Promise<void> {
    const unwanted = spare.take();
    this.#open.set(id, unwanted);
    const question = { name, args };
    const answer = await answerAsk(this.#run.host, question, this.#calls.signal, unwanted.signal);
    this.#open.delete(id);
    spare.giveBack(unwanted);
    if (this.#resolve !== null) this.#give(id, answer);
  }

  #give(id: number, answer: HostAnswer): void {
    const thread = this.#thread;
    this.#answered += answerSize(answer);
    if (this.#answered - thread.control.taken() > this.#run.limits.memoryBytes + untaken) {
      this.#finish(memoryLimit());
      return;
    }
    thread.answer({ id, answer });
    if (this.#open.size === 0 && Supervisor.#running === 1) thread.attend();
  }

  #finish(end: EndMessage | Failure): void {
    if (this.#resolve === null) return;
    if (this.#watch !== null) clearInterval(this.#watch);
    if (this.#open.size > 0) this.#calls.abort();
    spare.giveBack(this.#calls);
    Supervisor.#running -= 1;
    this.#resolve(end);
    this.#resolve = null;
  }

  /** The limit that the run has hit, or that it was interrupted; null while it may go on. */
  #verdict(): Failure | null {
    return this.#closing() ? interrupted() : (this.#run.verdict?.() ?? this.#limit());
  }

  #limit(): Failure | null {
    const { counters, control } = this.#thread;
    const { limits, signal } = this.#run;
    if (signal?.aborted === true) return interrupted();
    if (readCounters(counters).limitHit) return memoryLimit();
    if (control.busyMs() > limits.cpuSeconds * 1000) {
      return failure('cpu_limit', `The program ran for more than ${limits.cpuSeconds} s of CPU time.`, {
        details: { seconds: limits.cpuSeconds },
      });
    }
    if (performance.now() - this.#started > limits.wallSeconds * 1000) {
      return failure('time_limit', `The run took more than ${limits.wallSeconds} s.`, {
        details: { seconds: limits.wallSeconds },
      });
    }
    return null;
  }
}

/** Why a thread ended by itself: it is out of memory, or the fault is ours. */
function threadFailure(error: Error): Failure {
  if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') return memoryLimit();
  return failure('internal', `The Lua thread failed: ${error.message}`);
}

function interrupted(): Failure {
  return failure('interrupted', 'The run was interrupted.');
}
