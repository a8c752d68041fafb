import type { MessagePort } from 'node:worker_threads';
import type { Failure } from '../../support/errors.ts';
import type { JsonValue } from '../../support/json.ts';
import type { SharedMemory } from './shared-memory.ts';
import { Watchfulness } from './watchfulness.ts';

/**
 * What the two threads say to each other. The worker runs Lua and blocks while it waits; the main thread answers,
 * watches the clocks, and ends the worker when a limit is hit.
 */

/** To the worker: load this engine. The main thread compiles it while the worker starts. */
export interface LoadMessage {
  readonly kind: 'load';
  readonly module: WebAssembly.Module;
}

/** To the worker: run this program. */
export interface RunMessage {
  readonly kind: 'run';
  readonly source: string | Uint8Array;
  readonly name: string;
  readonly memoryBytes: number;
  readonly outputBytes: number;
  /** A line of a session: its state is kept for the next line, and what it returns is printed. */
  readonly session: boolean;
  /** In place of the source: names whose way through the session's tables is looked up, for completion. */
  readonly lookUp: readonly string[] | null;
  /** Only whether the program parses. */
  readonly parseOnly: boolean;
  /** What random numbers and the order of keys come from; null for another each time. */
  readonly seed: number | null;
  /** Milliseconds since 1970 that the program's clock shows all the time; null for the real time. */
  readonly now: number | null;
}

/** To the main thread: do this for the program. */
export interface AskMessage {
  readonly kind: 'ask';
  readonly id: number;
  readonly name: string;
  readonly args: readonly JsonValue[];
}

/** To the main thread: nobody wants the answers to these questions any more. */
export interface CancelMessage {
  readonly kind: 'cancel';
  readonly ids: readonly number[];
}

/** To the worker: what came of it. */
export interface AnswerMessage {
  readonly id: number;
  readonly answer: HostAnswer;
}

/** A value, as data or as JSON text; or an error, as the table the program catches. */
export type HostAnswer =
  | { readonly value: JsonValue }
  | { readonly text: string }
  | { readonly error: Failure };

/** To the main thread: something was printed. */
export interface OutputMessage {
  readonly kind: 'output';
  readonly text: string;
  /** The number of the batch this was. */
  readonly batch: number;
}

/** To the main thread: the program has ended by itself. */
export interface EndMessage {
  readonly kind: 'end';
  readonly result: JsonValue;
  /** Whether the program returned something; if not, the result is the last value dumped. */
  readonly returned: boolean;
  readonly error: Failure | null;
  /** Whether the text does not parse only because it is not finished. */
  readonly incomplete?: boolean;
  /** Whether the state of a session was lost. */
  readonly lost?: boolean;
  /** Whether the engine is left in no state to run another program. */
  readonly spoiled?: boolean;
}

/** To the main thread: the program has printed all it may; end it. */
export interface OverflowMessage {
  readonly kind: 'overflow';
  /** What did not fit any more. */
  readonly text: string;
}

export type WorkerMessage = AskMessage | CancelMessage | OutputMessage | OverflowMessage | EndMessage;

/** What the worker is started with. */
export interface WorkerData extends SharedMemory {
  readonly port: MessagePort;
  /** Where the files of the product are. */
  readonly folder: string;
}

/** How long the worker stays awake for an answer at most, in milliseconds. */
const longestWatch = 0.8;

/**
 * Memory both threads see. `answers` counts answers posted: the worker sleeps on it, and says so in `asleep`. `messages`
 * counts what the worker has said, whichever way. `interrupt` asks the line of a session to end by itself. The clocks are
 * nanoseconds of `process.hrtime`, which all threads share: `busy` is what the program has used up to `since`, and `since`
 * is when it last began to run, 0 while it waits.
 */
export class Control {
  readonly buffer: SharedArrayBuffer;
  readonly #signal: Int32Array;
  readonly #interrupt: Int32Array;
  readonly #clocks: BigInt64Array;
  readonly #taken: BigInt64Array;
  readonly #asleep: Int32Array;
  readonly #messages: Int32Array;
  readonly #watchfulness = new Watchfulness(longestWatch);

  constructor(buffer: SharedArrayBuffer) {
    this.#taken = new BigInt64Array(buffer, 24, 1);
    this.#asleep = new Int32Array(buffer, 32, 1);
    this.#messages = new Int32Array(buffer, 36, 1);
    this.buffer = buffer;
    this.#signal = new Int32Array(buffer, 0, 1);
    this.#interrupt = new Int32Array(buffer, 4, 1);
    this.#clocks = new BigInt64Array(buffer, 8, 2);
  }

  /** Main thread: an answer was posted. */
  wake(): void {
    Atomics.add(this.#signal, 0, 1);
    // Whoever falls asleep from here on sees the new count and does not.
    if (Atomics.load(this.#asleep, 0) !== 0) Atomics.notify(this.#signal, 0);
  }

  /** Main thread: the line that runs is to end. */
  interrupt(): void {
    Atomics.store(this.#interrupt, 0, 1);
    this.wake();
  }

  /** Worker: answers of that many bytes have been taken. */
  addTaken(bytes: number): void {
    Atomics.add(this.#taken, 0, BigInt(bytes));
  }

  /** Main thread: how many bytes of answers have been taken since it last reset the number. */
  taken(): number {
    return Number(Atomics.load(this.#taken, 0));
  }

  resetTaken(): void {
    Atomics.store(this.#taken, 0, 0n);
  }

  /** Whether the line that runs is to end. */
  interrupted(): boolean {
    return Atomics.load(this.#interrupt, 0) !== 0;
  }

  clearInterrupt(): void {
    Atomics.store(this.#interrupt, 0, 0);
  }

  answers(): number {
    return Atomics.load(this.#signal, 0);
  }

  /**
   * Worker: sleeps until there are more answers than `seen`. An answer that comes soon finds it awake: waking a
   * thread takes as long as a short call, and there is another processor for whoever works on the answer.
   */
  sleep(seen: number): void {
    const begun = performance.now();
    if (this.#watchfulness.watch(() => this.answers() !== seen)) return;
    Atomics.store(this.#asleep, 0, 1);
    Atomics.wait(this.#signal, 0, seen);
    Atomics.store(this.#asleep, 0, 0);
    this.#watchfulness.came(performance.now() - begun);
  }

  /** Worker: a message was posted, or put into the mailbox. */
  addMessage(): void {
    Atomics.add(this.#messages, 0, 1);
  }

  /** How many messages the worker has said. */
  messages(): number {
    return Atomics.load(this.#messages, 0);
  }

  /** Worker: the program begins to run, or goes on. */
  startClock(): void {
    Atomics.store(this.#clocks, 1, process.hrtime.bigint());
  }

  /** Worker: the program waits, or has ended. */
  stopClock(): void {
    const since = Atomics.load(this.#clocks, 1);
    if (since === 0n) return;
    Atomics.store(this.#clocks, 1, 0n);
    Atomics.add(this.#clocks, 0, process.hrtime.bigint() - since);
  }

  resetClock(): void {
    Atomics.store(this.#clocks, 0, 0n);
    Atomics.store(this.#clocks, 1, 0n);
  }

  /** Milliseconds the program has run, waiting left out. */
  busyMs(): number {
    const since = Atomics.load(this.#clocks, 1);
    const running = since === 0n ? 0n : process.hrtime.bigint() - since;
    return Number(Atomics.load(this.#clocks, 0) + running) / 1e6;
  }
}
