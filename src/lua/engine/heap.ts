import { type Buffers, OutOfMemory } from './buffers.ts';
import type { LuaApi, Pointer } from './raw.ts';

/** Up to how many characters a text counts as short. */
const shortText = 48;
/** Up to how many bytes a text is written into the scratch block, which is never given back. */
const mostScratch = 64 * 1024;
/** How many constants are kept: keys of objects come from outside, and there may be no end to them. */
const mostConstants = 4_096;

const encoder = new TextEncoder();
/** Bytes that are no UTF-8 become U+FFFD: JavaScript strings cannot hold them. A byte order mark is text like any. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Text and numbers in the engine's memory. */
export class Heap {
  readonly #api: LuaApi;
  readonly #buffers: Buffers;
  #bytes: Uint8Array = new Uint8Array();
  /** A block for what is handed over and forgotten; grows as needed. */
  #scratch: Pointer = 0;
  #scratchSize = 0;
  readonly #names = new Map<string, Pointer>();

  constructor(api: LuaApi, buffers: Buffers) {
    this.#api = api;
    this.#buffers = buffers;
  }

  /** The engine's memory; a view taken before it grew is dead. */
  get bytes(): Uint8Array {
    const { buffer } = this.#api.memory;
    if (this.#bytes.buffer !== buffer) this.#bytes = new Uint8Array(buffer);
    return this.#bytes;
  }

  /** A zero-terminated constant, kept for good: for names of fields and modes. */
  constant(text: string): Pointer {
    let pointer = this.#names.get(text);
    if (pointer === undefined) {
      const encoded = encoder.encode(`${text}\0`);
      pointer = this.#api.malloc(encoded.length);
      this.bytes.set(encoded, pointer);
      this.#names.set(text, pointer);
    }
    return pointer;
  }

  /** A zero-terminated text for as long as `use` takes. */
  lendConstant<T>(text: string, use: (pointer: Pointer) => T): T {
    const encoded = encoder.encode(`${text}\0`);
    const pointer = this.#api.malloc(encoded.length);
    if (pointer === 0) throw new OutOfMemory();
    try {
      this.bytes.set(encoded, pointer);
      return use(pointer);
    } finally {
      this.#api.free(pointer);
    }
  }

  /** A key of an object as a constant; null when it is not worth one, or cannot be one. */
  key(text: string): Pointer | null {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (text.length > shortText || this.#names.size >= mostConstants || text.includes('\0')) return null;
    return this.constant(text);
  }

  /**
   * Hands text over in the engine's memory. It stands there until `use` has ended; a short one, which nothing that
   * `use` does may follow with another.
   */
  lend<T>(text: string | Uint8Array, use: (pointer: Pointer, length: number) => T): T {
    const isShort = typeof text === 'string' ? text.length * 3 < mostScratch : text.length < mostScratch;
    if (isShort) {
      const { pointer, length } = this.#write(text);
      return use(pointer, length);
    }
    const size = typeof text === 'string' ? Buffer.byteLength(text) : text.length;
    this.#buffers.hold(size);
    const pointer = this.#api.malloc(size + 1);
    if (pointer === 0) throw new OutOfMemory();
    try {
      const room = this.bytes.subarray(pointer, pointer + size + 1);
      if (typeof text === 'string') encoder.encodeInto(text, room);
      else room.set(text);
      room[size] = 0;
      return use(pointer, size);
    } finally {
      // Also when `use` raises: an error of Lua comes by here.
      this.#api.free(pointer);
    }
  }

  /** Writes a short text into the scratch block; it stands there until the next write. */
  #write(text: string | Uint8Array): { pointer: Pointer; length: number } {
    if (typeof text !== 'string') {
      const pointer = this.#room(text.length + 1);
      this.bytes.set(text, pointer);
      this.bytes[pointer + text.length] = 0;
      return { pointer, length: text.length };
    }
    const pointer = this.#room(text.length * 3 + 1);
    const { bytes } = this;
    // Short ASCII, as ids and dates are, is copied faster than it is encoded.
    if (text.length <= shortText) {
      let at = 0;
      while (at < text.length) {
        const unit = text.charCodeAt(at);
        if (unit > 127) break;
        bytes[pointer + at] = unit;
        at += 1;
      }
      if (at === text.length) {
        bytes[pointer + at] = 0;
        return { pointer, length: at };
      }
    }
    const { written } = encoder.encodeInto(text, bytes.subarray(pointer, pointer + text.length * 3));
    bytes[pointer + written] = 0;
    return { pointer, length: written };
  }

  text(pointer: Pointer, length: number): string {
    const { bytes } = this;
    if (length <= shortText) {
      let text = '';
      let at = 0;
      while (at < length) {
        const unit = bytes[pointer + at] ?? 0;
        if (unit > 127) break;
        text += String.fromCharCode(unit);
        at += 1;
      }
      if (at === length) return text;
    }
    this.#buffers.hold(length);
    return decoder.decode(bytes.subarray(pointer, pointer + length));
  }

  /** A zero-terminated text. */
  constantText(pointer: Pointer): string {
    const stop = this.bytes.indexOf(0, pointer);
    return this.text(pointer, stop - pointer);
  }

  word(pointer: Pointer): number {
    return new DataView(this.#api.memory.buffer).getUint32(pointer, true);
  }

  #room(size: number): Pointer {
    if (size > this.#scratchSize) {
      const wanted = Math.max(size, 4_096);
      this.#scratch = this.#api.realloc(this.#scratch, wanted);
      this.#scratchSize = this.#scratch === 0 ? 0 : wanted;
      if (this.#scratch === 0) throw new OutOfMemory();
    }
    return this.#scratch;
  }
}
