import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import type { JsonValue } from '../support/json.ts';
import { parseJson } from '../support/parse-json.ts';
import { compileEngine } from './engine/compile.ts';
import { Mailbox } from './engine/mailbox.ts';
import { OutputBatch } from './engine/output.ts';
import {
  type AnswerMessage,
  Control,
  type LoadMessage,
  type RunMessage,
  type WorkerMessage,
} from './engine/protocol.ts';
import { Watchfulness } from './engine/watchfulness.ts';
import type { StartedThread } from './thread.ts';

/** How long the main thread stays awake for a program that asks again, at most, in milliseconds. */
const longestWatch = 0.25;

/** For how long messages are heard outside of the event loop. */
const longestTurnMs = 2;

/** Whoever hears what a thread says. */
export interface ThreadListener {
  said(message: WorkerMessage): void;
  /** The thread has ended by an error. */
  failed(error: Error): void;
}

/** A thread with a Lua engine in it. It loads while its maker goes on. */
export class LuaThreadHandle {
  readonly memoryBytes: number;
  readonly control: Control;
  readonly counters: WebAssembly.Memory;
  readonly #questions: Mailbox;
  readonly #answers: Mailbox;
  readonly #batch: OutputBatch;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  #seenBatches = 0;
  /** How many messages have been taken. */
  #messages = 0;
  /** When the event loop was last seen to have had a turn, and for how long it had been idle by then. */
  #lastTurn = 0;
  #idleTime = 0;
  /** Since when a message was watched for in vain, the last time. */
  #watchedAt = 0;
  readonly #watchfulness = new Watchfulness(longestWatch);
  #listener: ThreadListener | null = null;
  readonly #receive = (message: WorkerMessage) => {
    this.#lastTurn = performance.now();
    this.#idleTime = performance.nodeTiming.idleTime;
    this.#watchfulness.came(this.#lastTurn - this.#watchedAt);
    this.#hear(message);
  };
  readonly #fail = (error: Error) => this.#listener?.failed(error);

  constructor({ folder, memoryBytes, worker, port, ...shared }: StartedThread) {
    const { control, output, counters, questions, answers } = shared;
    this.memoryBytes = memoryBytes;
    this.#questions = new Mailbox(questions);
    this.#answers = new Mailbox(answers);
    this.control = new Control(control);
    this.counters = counters;
    this.#batch = new OutputBatch(output);
    this.#worker = worker;
    this.#port = port;
    // Compiled here, while the thread is still starting.
    const load: LoadMessage = {
      kind: 'load',
      module: compileEngine(readFileSync(join(folder, 'glue.wasm'))),
    };
    worker.postMessage(load);
    // A thread that waits for work keeps no process alive; a run does, by its watchdog.
    worker.unref();
    port.unref();
  }

  /** Has what the thread says heard; null: by nobody. */
  listen(listener: ThreadListener | null): void {
    if (this.#listener === null && listener !== null) {
      this.#port.on('message', this.#receive);
      this.#port.unref();
      this.#worker.on('error', this.#fail);
    }
    if (this.#listener !== null && listener === null) {
      this.#port.off('message', this.#receive);
      this.#worker.off('error', this.#fail);
    }
    this.#listener = listener;
  }

  run(message: RunMessage): void {
    this.#worker.postMessage(message);
  }

  answer(message: AnswerMessage): void {
    const { id, answer } = message;
    if (!('text' in answer && this.#answers.put(answer.text, id))) this.#port.postMessage(message);
    this.control.wake();
  }

  /**
   * Waits for a moment whether the program says something more, and hears it at once. Not for long without a turn of the
   * event loop, which is where limits are kept and interruptions heard.
   */
  attend(): void {
    const now = performance.now();
    // An event loop that has been idle meanwhile has had a turn.
    const { idleTime } = performance.nodeTiming;
    if (idleTime !== this.#idleTime) this.#lastTurn = now;
    this.#idleTime = idleTime;
    if (now - this.#lastTurn > longestTurnMs) return;
    this.#questions.open();
    const come = this.#watchfulness.watch(() => this.control.messages() !== this.#messages);
    this.#questions.shut();
    if (!come && this.#questions.number === null) {
      this.#watchedAt = now;
      return;
    }
    for (let message = this.#next(); message !== null; message = this.#next()) this.#hear(message);
  }

  /** The next message in the order they were sent in, whichever way it has come. */
  #next(): WorkerMessage | null {
    if (this.#questions.number !== this.#messages) {
      return (receiveMessageOnPort(this.#port)?.message as WorkerMessage | undefined) ?? null;
    }
    const [id, name, args] = parseJson(this.#questions.take()) as [number, string, JsonValue[]];
    return { kind: 'ask', id, name, args };
  }

  /** Ends the thread, whatever it is doing, and gives what it printed that was not seen yet. */
  async terminate(): Promise<string> {
    await this.#worker.terminate();
    let rest = '';
    for (let message = this.#next(); message !== null; message = this.#next()) {
      const seen = this.#seen(message);
      if (seen.kind === 'output') rest += seen.text;
    }
    this.#port.close();
    return this.#batch.number < this.#seenBatches ? rest : rest + this.#batch.text();
  }

  #hear(message: WorkerMessage): void {
    // It is counted in 32 bits on the other side.
    this.#messages = (this.#messages + 1) | 0;
    this.#listener?.said(this.#seen(message));
  }

  #seen(message: WorkerMessage): WorkerMessage {
    if (message.kind === 'output') this.#seenBatches = message.batch + 1;
    return message;
  }
}
