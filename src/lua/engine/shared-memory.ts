/** What both threads see, by its parts. */
export interface SharedMemory {
  /** Clocks, counts and signals: see `Control`. */
  readonly control: SharedArrayBuffer;
  /** What the program asks, and what it is answered: see `Mailbox`. */
  readonly questions: SharedArrayBuffer;
  readonly answers: SharedArrayBuffer;
  /** What was printed last: see `OutputBatch`. */
  readonly output: SharedArrayBuffer;
  /** What the allocator counts: see `AllocatorCounters`. */
  readonly counters: WebAssembly.Memory;
}

/** The layout stands in `Control`. */
const controlBytes = 40;

/** An output batch's number and length, before its text. */
export const outputHeaderBytes = 8;
export const outputTextBytes = 32 * 1024;

/** A mailbox's state, and its text's number and length, before the text. */
export const mailboxHeaderBytes = 12;
export const mailboxTextBytes = 64 * 1024;

export function createSharedMemory(): SharedMemory {
  return {
    control: new SharedArrayBuffer(controlBytes),
    questions: new SharedArrayBuffer(mailboxHeaderBytes + mailboxTextBytes),
    answers: new SharedArrayBuffer(mailboxHeaderBytes + mailboxTextBytes),
    output: new SharedArrayBuffer(outputHeaderBytes + outputTextBytes),
    counters: createCounterMemory(),
  };
}

/** The memory that holds the counters; it can be posted to another thread. */
export function createCounterMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
}
