import { outputHeaderBytes, outputTextBytes } from './shared-memory.ts';

/**
 * Printed text on its way to the main thread, in memory both threads see: when the worker is ended in the middle of
 * anything, what it printed last is still here. A full batch goes over as a message and the next one begins; the
 * number of the batch tells the main thread whether it has seen the batch as a message already.
 */
export class OutputBatch {
  readonly buffer: SharedArrayBuffer;
  readonly #header: Int32Array;
  readonly #text: Buffer;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#header = new Int32Array(buffer, 0, 2);
    this.#text = Buffer.from(buffer, outputHeaderBytes, outputTextBytes);
  }

  get number(): number {
    return Atomics.load(this.#header, 0);
  }

  get length(): number {
    return Atomics.load(this.#header, 1);
  }

  /** Worker: adds text, or says false when it does not fit. */
  add(text: string): boolean {
    const { length } = this;
    const size = Buffer.byteLength(text);
    if (length + size > outputTextBytes) return false;
    this.#text.write(text, length);
    Atomics.store(this.#header, 1, length + size);
    return true;
  }

  text(): string {
    return Buffer.from(this.#text.subarray(0, this.length)).toString('utf8');
  }

  /** Worker: begins the next batch, once this one was sent. */
  next(): void {
    // In this order: a batch that is both sent and still here is known by its number.
    Atomics.add(this.#header, 0, 1);
    Atomics.store(this.#header, 1, 0);
  }
}
