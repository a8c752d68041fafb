import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { type JsonValue, stringifyJson } from '../../support/json.ts';
import type { Buffers } from './buffers.ts';
import { Mailbox } from './mailbox.ts';
import type { OutputBatch } from './output.ts';
import type { AnswerMessage, Control, HostAnswer, WorkerMessage } from './protocol.ts';
import { mailboxTextBytes, type SharedMemory } from './shared-memory.ts';
import { valueSize } from './sizes.ts';

/** How long printed text may wait for more before it is sent, in milliseconds. */
const outputDelay = 4;

/** About how much a question takes on the main thread, its arguments left out. */
const questionSize = 1_024;

/** About how much an answer takes. */
export function answerSize(answer: HostAnswer): number {
  if ('error' in answer) return questionSize;
  return 'text' in answer ? answer.text.length : valueSize(answer.value);
}

/** The worker's way to the main thread: asking and waiting for answers, and printing. */
export class HostPort {
  readonly #port: MessagePort;
  readonly #control: Control;
  readonly #buffers: Buffers;
  readonly #questions: Mailbox;
  readonly #answered: Mailbox;
  /** Questions that are not answered yet → how much is kept for them. */
  readonly #asked = new Map<number, number>();
  /** Answers nobody has taken yet, and how much is kept for them. */
  readonly #answers = new Map<number, { readonly answer: HostAnswer; readonly size: number }>();
  #lastId = 0;
  readonly #batch: OutputBatch;
  #lastFlush = 0;
  #printed = 0;
  #limit = 0;

  constructor(
    port: MessagePort,
    { questions, answers }: SharedMemory,
    control: Control,
    batch: OutputBatch,
    buffers: Buffers,
  ) {
    this.#port = port;
    this.#questions = new Mailbox(questions);
    this.#answered = new Mailbox(answers);
    this.#buffers = buffers;
    this.#control = control;
    this.#batch = batch;
  }

  /** A new run begins, which may print that many bytes. */
  begin(outputBytes: number): void {
    this.#printed = 0;
    this.#limit = outputBytes;
    this.#answers.clear();
    this.#asked.clear();
    this.#answered.open();
  }

  /**
   * Asks for something to be done and gives the question's id.
   * @param size about how many bytes the arguments take, which are kept until there is an answer
   */
  submit(name: string, args: readonly JsonValue[], size: number): number {
    this.flush();
    this.#buffers.keep(size + questionSize);
    this.#lastId += 1;
    this.#asked.set(this.#lastId, size + questionSize);
    this.#question(this.#lastId, name, args, size);
    return this.#lastId;
  }

  #question(id: number, name: string, args: readonly JsonValue[], size: number): void {
    // What is large is not made text only to be found too long.
    const isShort = size < mailboxTextBytes && this.#questions.wanted;
    if (isShort && this.#questions.put(stringifyJson([id, name, args]), this.#control.messages()))
      this.#control.addMessage();
    else this.post({ kind: 'ask', id, name, args });
  }

  /** Blocks until one of the questions is answered, and gives the first of them; 0 when the wait is interrupted. */
  wait(ids: readonly number[]): number {
    for (;;) {
      const seen = this.#control.answers();
      this.#receive();
      let first = Number.POSITIVE_INFINITY;
      for (const id of ids) if (id < first && this.#answers.has(id)) first = id;
      if (first !== Number.POSITIVE_INFINITY) return first;
      if (this.#control.interrupted()) return 0;
      this.#control.stopClock();
      this.#control.sleep(seen);
      this.#control.startClock();
    }
  }

  /** Hands over an answer that was waited for: it is held until the running function has ended. */
  take(id: number): HostAnswer {
    const found = this.#answers.get(id);
    if (found === undefined) throw new Error(`The question ${id} has no answer.`);
    this.#answers.delete(id);
    this.#buffers.giveBack(found.size);
    this.#buffers.hold(found.size);
    this.#control.addTaken(found.size);
    return found.answer;
  }

  /** Asks and blocks until it is answered; null when the wait is interrupted. */
  ask(name: string, args: readonly JsonValue[]): HostAnswer | null {
    const id = this.wait([this.submit(name, args, 0)]);
    return id === 0 ? null : this.take(id);
  }

  /** Whether the line of a session is to end. */
  interrupted(): boolean {
    return this.#control.interrupted();
  }

  /** Seconds the program has run, waiting left out. */
  busySeconds(): number {
    return this.#control.busyMs() / 1000;
  }

  /** Says that nobody wants the answers to these questions any more. They are answered all the same. */
  cancel(ids: readonly number[]): void {
    this.post({ kind: 'cancel', ids });
  }

  /** As `cancel`, for questions that nobody will wait for. */
  forget(ids: readonly number[]): void {
    this.cancel(ids);
    for (const id of ids) {
      this.#giveBack(id);
      this.#answers.delete(id);
    }
  }

  /** Prints text. What would pass the run's limit is handed over by itself, and the run is ended from outside. */
  print(text: string): void {
    const size = Buffer.byteLength(text);
    if (this.#printed + size > this.#limit) this.#overflow(text);
    this.#printed += size;
    this.#add(text);
    const now = performance.now();
    if (now - this.#lastFlush < outputDelay) return;
    this.#lastFlush = now;
    this.flush();
  }

  /** Sends what was printed. */
  flush(): void {
    if (this.#batch.length === 0) return;
    this.post({ kind: 'output', text: this.#batch.text(), batch: this.#batch.number });
    this.#batch.next();
  }

  #add(text: string): void {
    if (this.#batch.add(text)) return;
    this.flush();
    if (this.#batch.add(text)) return;
    this.post({ kind: 'output', text, batch: this.#batch.number });
    this.#batch.next();
  }

  #overflow(text: string): never {
    this.flush();
    this.post({ kind: 'overflow', text });
    this.#control.stopClock();
    for (;;) this.#control.sleep(this.#control.answers());
  }

  post(message: WorkerMessage): void {
    this.#port.postMessage(message);
    this.#control.addMessage();
  }

  #receive(): void {
    const id = this.#answered.number;
    if (id !== null) {
      this.#received({ id, answer: { text: this.#answered.take() } });
      this.#answered.open();
    }
    for (
      let received = receiveMessageOnPort(this.#port);
      received !== undefined;
      received = receiveMessageOnPort(this.#port)
    ) {
      this.#received(received.message as AnswerMessage);
    }
  }

  #received({ id, answer }: AnswerMessage): void {
    const size = answerSize(answer);
    if (!this.#asked.has(id)) {
      this.#control.addTaken(size);
      return;
    }
    this.#giveBack(id);
    this.#answers.set(id, { answer, size });
    this.#buffers.keep(size);
  }

  /** Gives back what is kept for a question, answered or not. */
  #giveBack(id: number): void {
    this.#buffers.giveBack(this.#asked.get(id) ?? this.#answers.get(id)?.size ?? 0);
    this.#asked.delete(id);
  }
}
