/**
 * PCRE2 as WebAssembly, through the few functions its package exports. A pattern and a text are UTF-16 there, so that
 * JavaScript's strings go in as they are. Everything happens in 16 MB of memory of its own, which cannot grow.
 */
interface Exports {
  readonly _malloc: (bytes: number) => number;
  readonly _free: (pointer: number) => void;
  readonly _compile: (pattern: number, length: number, flags: number) => number;
  readonly _destroyMatchData: (data: number) => void;
  readonly _destroyCode: (code: number) => void;
  readonly _createMatchData: (code: number) => number;
  readonly _match: (code: number, text: number, length: number, offset: number, data: number) => number;
  readonly _getOvectorCount: (data: number) => number;
  readonly _getOvectorPointer: (data: number) => number;
  readonly _getMatchNameCount: (code: number) => number;
  readonly _getMatchNameTable: (code: number) => number;
  readonly _getMatchNameTableEntrySize: (code: number) => number;
  readonly _lastErrorMessage: (buffer: number, length: number) => number;
  readonly _lastErrorOffset: () => number;
}

/** What the module was linked for: 64 KB pages of memory, and where its heap begins. */
const memoryPages = 256;
const heapStart = { place: 117_184, value: 5_360_256 };

const noMatch = -1;
const unset = 0xffff_ffff;

/** Why a pattern cannot be compiled, and where. */
export class PatternFault extends Error {
  override readonly name = 'PatternFault';
  /** In characters, from 0. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Why a match was given up. */
export class MatchFault extends Error {
  override readonly name = 'MatchFault';
}

/** A match: where each group begins and ends, the whole first; null for a group that took no part. */
export type Match = readonly ({ readonly start: number; readonly end: number } | null)[];

export class Pcre2 {
  readonly #memory = new WebAssembly.Memory({ initial: memoryPages, maximum: memoryPages });
  readonly #exports: Exports;
  /** Whether the engine was left in the middle of something, so that it is not to be used again. */
  broken = false;

  constructor(module: WebAssembly.Module) {
    const impossible = () => {
      throw new MatchFault('the regular expression engine failed');
    };
    const instance = new WebAssembly.Instance(module, {
      env: {
        memory: this.#memory,
        table: new WebAssembly.Table({ initial: 4, maximum: 4, element: 'anyfunc' }),
        __table_base: 0,
        abortStackOverflow: impossible,
        nullFunc_vii: impossible,
        nullFunc_iii: impossible,
        // No more memory than there is: an allocation fails, and PCRE2 says so.
        _emscripten_resize_heap: () => 0,
        _emscripten_get_heap_size: () => this.#memory.buffer.byteLength,
        _emscripten_memcpy_big: (target: number, source: number, size: number) => {
          new Uint8Array(this.#memory.buffer).copyWithin(target, source, source + size);
        },
      },
    });
    // A missing export would fail the first test.
    this.#exports = instance.exports as unknown as Exports;
    new DataView(this.#memory.buffer).setUint32(heapStart.place, heapStart.value, true);
  }

  /**
   * @param flags letters of `i`, `m`, `s` and `x`
   * @throws PatternFault
   */
  compile(pattern: string, flags: string): Pattern {
    const { _compile, _free, _createMatchData } = this.#exports;
    const text = this.#write(pattern);
    const options = this.#write(String.fromCharCode(...pairs(flags)));
    const code = this.#whole(() => _compile(text, pattern.length, options));
    _free(text);
    _free(options);
    if (code === 0) throw this.#patternFault();
    const data = _createMatchData(code);
    if (data === 0) throw new MatchFault('the pattern needs too much memory');
    return new Pattern(this, code, data, this.#names(code));
  }

  /** Puts a text into the engine's memory, for any number of matches. */
  enter(text: string): Subject {
    const pointer = this.#write(text);
    return { pointer, length: text.length, leave: () => this.#exports._free(pointer) };
  }

  match(code: number, data: number, subject: Subject, offset: number): Match | null {
    const { _match, _getOvectorCount, _getOvectorPointer } = this.#exports;
    const found = this.#whole(() => _match(code, subject.pointer, subject.length, offset, data));
    if (found === noMatch) return null;
    if (found < 0) throw new MatchFault(matchFaults[found] ?? `the match failed (PCRE2 error ${found})`);
    const view = new DataView(this.#memory.buffer, _getOvectorPointer(data), _getOvectorCount(data) * 8);
    return Array.from({ length: _getOvectorCount(data) }, (_, group) => {
      const start = view.getUint32(group * 8, true);
      return start === unset ? null : { start, end: view.getUint32(group * 8 + 4, true) };
    });
  }

  /** Work of the engine, which may run out of its stack or ours. */
  #whole<T>(work: () => T): T {
    let finished = false;
    try {
      const result = work();
      finished = true;
      return result;
    } catch (error) {
      if (error instanceof RangeError || error instanceof WebAssembly.RuntimeError) {
        throw new MatchFault('the pattern is nested too deeply');
      }
      throw error;
    } finally {
      if (!finished) this.broken = true;
    }
  }

  destroy(code: number, data: number): void {
    this.#exports._destroyMatchData(data);
    this.#exports._destroyCode(code);
  }

  /** Group number → name. */
  #names(code: number): ReadonlyMap<number, string> {
    const { _getMatchNameCount, _getMatchNameTable, _getMatchNameTableEntrySize } = this.#exports;
    const names = new Map<number, string>();
    const units = new Uint16Array(this.#memory.buffer);
    const size = _getMatchNameTableEntrySize(code);
    const first = _getMatchNameTable(code) / 2;
    for (let entry = 0; entry < _getMatchNameCount(code); entry += 1) {
      const at = first + entry * size;
      const end = units.indexOf(0, at + 1);
      names.set(units[at] ?? 0, String.fromCharCode(...units.subarray(at + 1, end)));
    }
    return names;
  }

  #patternFault(): PatternFault {
    const { _malloc, _free, _lastErrorMessage, _lastErrorOffset } = this.#exports;
    const room = 256;
    const buffer = _malloc(room * 2);
    const length = _lastErrorMessage(buffer, room);
    const units = new Uint16Array(this.#memory.buffer, buffer, Math.max(0, length));
    const message = String.fromCharCode(...units);
    _free(buffer);
    return new PatternFault(message, _lastErrorOffset());
  }

  #write(text: string): number {
    const pointer = this.#exports._malloc(text.length * 2 + 2);
    if (pointer === 0) throw new MatchFault('the text is too long: about 2 million characters fit');
    const units = new Uint16Array(this.#memory.buffer, pointer, text.length + 1);
    for (let index = 0; index < text.length; index += 1) units[index] = text.charCodeAt(index);
    units[text.length] = 0;
    return pointer;
  }
}

/** A text in the engine's memory. */
export interface Subject {
  readonly pointer: number;
  readonly length: number;
  leave(): void;
}

/** A compiled pattern. */
export class Pattern {
  /** Group number → name. */
  readonly names: ReadonlyMap<number, string>;
  readonly #engine: Pcre2;
  readonly #code: number;
  readonly #data: number;

  constructor(engine: Pcre2, code: number, data: number, names: ReadonlyMap<number, string>) {
    this.#engine = engine;
    this.#code = code;
    this.#data = data;
    this.names = names;
  }

  /** The first match at or after an offset; null when there is none. */
  match(subject: Subject, offset: number): Match | null {
    return this.#engine.match(this.#code, this.#data, subject, offset);
  }

  destroy(): void {
    this.#engine.destroy(this.#code, this.#data);
  }
}

/** Bytes as the two halves of 16-bit units, with a closing zero: the flags are a C string. */
function pairs(flags: string): number[] {
  const bytes = [...Buffer.from(flags), 0, 0];
  return Array.from({ length: bytes.length >> 1 }, (_, index) => {
    return (bytes[index * 2] ?? 0) | ((bytes[index * 2 + 1] ?? 0) << 8);
  });
}

const matchFaults: Readonly<Record<number, string>> = {
  [-47]: 'the pattern tries too many ways to match (backtracking limit)',
  [-48]: 'the pattern needs too much memory for this text',
  [-52]: 'the pattern calls itself without end',
  [-53]: 'the pattern is nested too deeply for this text',
  [-63]: 'the pattern needs too much memory for this text',
};
