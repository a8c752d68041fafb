import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import { compileEngine } from './engine/compile.ts';
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

/** A thread with a Lua engine in it. It loads while its maker goes on. */
export class LuaThreadHandle {
  readonly memoryBytes: number;
  readonly control: Control;
  readonly counters: WebAssembly.Memory;
  readonly #batch: OutputBatch;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  #seenBatches = 0;
  /** How many messages have been taken, and when the last one came by itself. */
  #messages = 0;
  #lastTurn = 0;
  /** Since when a message was watched for in vain, the last time. */
  #watchedAt = 0;
  readonly #watchfulness = new Watchfulness(longestWatch);
  #hear: (message: WorkerMessage) => void = () => undefined;

  constructor({ folder, memoryBytes, worker, port, control, output, counters }: StartedThread) {
    this.memoryBytes = memoryBytes;
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

  /** Calls back with what the thread says, and with the error that ended it. */
  listen(onMessage: (message: WorkerMessage) => void, onError: (error: Error) => void): () => void {
    this.#hear = (message) => {
      this.#messages += 1;
      onMessage(this.#seen(message));
    };
    const receive = (message: WorkerMessage) => {
      this.#lastTurn = performance.now();
      this.#watchfulness.came(this.#lastTurn - this.#watchedAt);
      this.#hear(message);
    };
    this.#port.on('message', receive);
    this.#port.unref();
    this.#worker.on('error', onError);
    return () => {
      this.#port.off('message', receive);
      this.#worker.off('error', onError);
    };
  }

  run(message: RunMessage): void {
    this.#worker.postMessage(message);
  }

  answer(message: AnswerMessage): void {
    this.#port.postMessage(message);
    this.control.wake();
  }

  /**
   * Waits for a moment whether the program says something more, and hears it at once. Not for long without a turn of the
   * event loop, which is where limits are kept and interruptions heard.
   */
  attend(): void {
    const now = performance.now();
    if (now - this.#lastTurn > longestTurnMs) return;
    if (!this.#watchfulness.watch(() => this.control.messages() !== this.#messages)) {
      this.#watchedAt = now;
      return;
    }
    for (
      let received = receiveMessageOnPort(this.#port);
      received !== undefined;
      received = receiveMessageOnPort(this.#port)
    ) {
      this.#hear(received.message as WorkerMessage);
    }
  }

  /** Ends the thread, whatever it is doing, and gives what it printed that was not seen yet. */
  async terminate(): Promise<string> {
    await this.#worker.terminate();
    let rest = '';
    for (
      let received = receiveMessageOnPort(this.#port);
      received !== undefined;
      received = receiveMessageOnPort(this.#port)
    ) {
      const message = this.#seen(received.message as WorkerMessage);
      if (message.kind === 'output') rest += message.text;
    }
    this.#port.close();
    return this.#batch.number < this.#seenBatches ? rest : rest + this.#batch.text();
  }

  #seen(message: WorkerMessage): WorkerMessage {
    if (message.kind === 'output') this.#seenBatches = message.batch + 1;
    return message;
  }
}
