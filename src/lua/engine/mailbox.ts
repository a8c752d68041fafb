import { mailboxHeaderBytes, mailboxTextBytes } from './shared-memory.ts';

/** What a mailbox is: not looked into, empty, being filled, or full. */
const states = { shut: 0, empty: 1, filling: 2, full: 3 } as const;

/**
 * Room for one text on its way to a thread that is awake and looks for it, in memory both threads see. A message through
 * a port wakes the event loop of whoever it is for, which takes several times as long as all of this; but it is what
 * reaches a thread that sleeps, and what a long text goes by.
 */
export class Mailbox {
  /** The state, the text's number, and its length in bytes. */
  readonly #header: Int32Array;
  readonly #text: Buffer;

  constructor(buffer: SharedArrayBuffer) {
    this.#header = new Int32Array(buffer, 0, 3);
    this.#text = Buffer.from(buffer, mailboxHeaderBytes, mailboxTextBytes);
  }

  /** Reader: looks for a text from now on. */
  open(): void {
    Atomics.store(this.#header, 0, states.empty);
  }

  /** Reader: looks for none any more. One that is there by then can still be taken. */
  shut(): void {
    // What is just being put there is not waited for: the thread that does it may be ended in the middle of it.
    if (!this.#turn(states.empty, states.shut)) this.#turn(states.filling, states.shut);
  }

  /** Writer: whether a text would be looked for now. */
  get wanted(): boolean {
    return Atomics.load(this.#header, 0) === states.empty;
  }

  /** Writer: puts a text there, or tells that it is not wanted or does not fit. */
  put(text: string, number: number): boolean {
    // No character takes more than three bytes.
    if (text.length * 3 > mailboxTextBytes || !this.#turn(states.empty, states.filling)) return false;
    this.#header[1] = number;
    this.#header[2] = this.#text.write(text);
    return this.#turn(states.filling, states.full);
  }

  /** Reader: the number of the text that is there; null when there is none. */
  get number(): number | null {
    return Atomics.load(this.#header, 0) === states.full ? (this.#header[1] ?? null) : null;
  }

  /** Reader: takes the text that is there. The mailbox is shut by it. */
  take(): string {
    const text = this.#text.toString('utf8', 0, this.#header[2]);
    Atomics.store(this.#header, 0, states.shut);
    return text;
  }

  #turn(from: number, to: number): boolean {
    return Atomics.compareExchange(this.#header, 0, from, to) === from;
  }
}
