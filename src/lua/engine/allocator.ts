/**
 * Lua's allocator with a limit, as a WebAssembly module of its own: it counts every byte Lua holds, refuses what would
 * pass the limit, and keeps its counters in memory that the watching thread shares. In JavaScript the same allocator
 * makes programs that build many tables twice as slow.
 *
 * When Lua is refused it collects all garbage and asks for the same again, so a refusal is a hit of the limit unless
 * the next block asked for is of the same size and is granted. The watching thread ends the run for a hit.
 */
export interface AllocatorCounters {
  /** Bytes held now. */
  readonly used: number;
  /** The most bytes held. */
  readonly peak: number;
  readonly limitHit: boolean;
}

/** Places of the counters in the shared memory, as indexes of 32-bit words. */
const word = { used: 0, peak: 1, limit: 2, refused: 3, hit: 4 };

export function readCounters(memory: WebAssembly.Memory): AllocatorCounters {
  const words = new Uint32Array(memory.buffer);
  return { used: words[word.used] ?? 0, peak: words[word.peak] ?? 0, limitHit: words[word.hit] !== 0 };
}

/** Forgets that the limit was hit: for whoever is about to have another program run, and looks before it does. */
export function clearLimitHit(memory: WebAssembly.Memory): void {
  const words = new Uint32Array(memory.buffer);
  words[word.refused] = 0;
  words[word.hit] = 0;
}

/** Whether the limit was hit, once nothing runs any more: a refusal nobody followed up was final. */
export function limitWasHit(memory: WebAssembly.Memory): boolean {
  const words = new Uint32Array(memory.buffer);
  return words[word.hit] !== 0 || words[word.refused] !== 0;
}

/** Sets the counters back for a new state. */
export function resetCounters(memory: WebAssembly.Memory, limitBytes: number): void {
  const words = new Uint32Array(memory.buffer);
  words.fill(0, 0, 5);
  words[word.limit] = Math.min(limitBytes, 0x7fff_ffff);
}

/** As `resetCounters`, for a state that goes on: what it holds stays counted. */
export function continueCounters(memory: WebAssembly.Memory, limitBytes: number): void {
  const words = new Uint32Array(memory.buffer);
  words[word.peak] = words[word.used] ?? 0;
  words[word.limit] = Math.min(limitBytes, 0x7fff_ffff);
  words[word.refused] = 0;
  words[word.hit] = 0;
}

/** How far what the host's functions hold for a program may pass the limit: they never hold it long. */
const bufferSlack = 4 * 1024 * 1024;

/**
 * Counts buffers of that many bytes beside what Lua holds.
 * @returns whether they fit; if not, the limit is hit
 */
export function chargeBuffers(memory: WebAssembly.Memory, buffers: number): boolean {
  if (fits(memory, buffers)) return true;
  new Uint32Array(memory.buffer)[word.hit] = 1;
  return false;
}

/** Whether buffers of that many bytes fit beside what Lua holds; nothing is hit if not. */
export function fits(memory: WebAssembly.Memory, buffers: number): boolean {
  const words = new Uint32Array(memory.buffer);
  const all = (words[word.used] ?? 0) + buffers;
  if (all > (words[word.limit] ?? 0) + bufferSlack) return false;
  if (all > (words[word.peak] ?? 0)) words[word.peak] = all;
  return true;
}

/** The allocator as an exported WebAssembly function: `(userData, pointer, oldSize, newSize) → pointer`. */
export function createAllocator(
  memory: WebAssembly.Memory,
  realloc: (pointer: number, size: number) => number,
  free: (pointer: number) => void,
): unknown {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { k: { memory, realloc, free } });
  return instance.exports['allocate'];
}

// Opcodes: WebAssembly core specification, section 5.4.
const i32 = 0x7f;
const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const tee = (local: number) => [0x22, local];
const constant = (value: number) => [0x41, value];
const load = (place: number) => [0x41, 0, 0x28, 2, place * 4];
const store = (place: number, value: readonly number[]) => [0x41, 0, ...value, 0x36, 2, place * 4];
const call = (fn: number) => [0x10, fn];
const when = (body: readonly number[]) => [0x04, 0x40, ...body, 0x0b];
const [eqz, equal, differs, greater] = [0x45, 0x46, 0x47, 0x4b];
const [add, subtract, and, or, select] = [0x6a, 0x6b, 0x71, 0x72, 0x1b];
const [giveBack, otherwise, end] = [0x0f, 0x05, 0x0b];
const setHitIf = (condition: readonly number[]) => store(word.hit, [...load(word.hit), ...condition, or]);
const [pointer, oldSize, newSize, held, next, result] = [1, 2, 3, 4, 5, 6];
const [realloc, free] = [0, 1];

// biome-ignore format: one line a step
const body = [
  // newSize == 0: give the block back.
  ...get(newSize), eqz,
  ...when([
    ...get(pointer),
    ...when([...store(word.used, [...load(word.used), ...get(oldSize), subtract]), ...get(pointer), ...call(free)]),
    ...constant(0), giveBack,
  ]),
  // held = pointer ? oldSize : 0, because for a new block Lua passes the kind of object there.
  ...get(oldSize), ...constant(0), ...get(pointer), select, ...set(held),
  // next = used + newSize - held
  ...load(word.used), ...get(newSize), add, ...get(held), subtract, ...set(next),
  // Growing by another size than was refused last: nobody has asked again, so the refusal was final.
  ...get(newSize), ...get(held), greater,
  ...when(setHitIf([...load(word.refused), eqz, eqz, ...load(word.refused), ...get(newSize), differs, and])),
  // result = newSize > held && next > limit ? 0 : realloc(pointer, newSize)
  ...get(newSize), ...get(held), greater, ...get(next), ...load(word.limit), greater, and,
  0x04, i32, ...constant(0), otherwise, ...get(pointer), ...get(newSize), ...call(realloc), end, ...tee(result),
  // Refused: a hit when the same was refused before.
  eqz,
  ...when([
    ...setHitIf([...load(word.refused), ...get(newSize), equal]),
    ...store(word.refused, get(newSize)),
    ...constant(0), giveBack,
  ]),
  ...store(word.used, get(next)),
  ...get(newSize), ...get(held), greater, ...when(store(word.refused, constant(0))),
  ...get(next), ...load(word.peak), greater, ...when(store(word.peak, get(next))),
  ...get(result), end,
];

const name = (text: string) => [text.length, ...Buffer.from(text)];
/** An unsigned LEB128 number of up to 14 bits. */
const size = (value: number) => (value < 128 ? [value] : [(value & 0x7f) | 0x80, value >> 7]);
const section = (id: number, content: readonly number[]) => [id, ...size(content.length), ...content];
const code = [1, 3, i32, ...body];

// biome-ignore format: one line a section
const bytes = new Uint8Array([
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  ...section(1, [3, 0x60, 2, i32, i32, 1, i32, 0x60, 1, i32, 0, 0x60, 4, i32, i32, i32, i32, 1, i32]),
  ...section(2, [
    3,
    ...name('k'),
    ...name('realloc'),
    0,
    0,
    ...name('k'),
    ...name('free'),
    0,
    1,
    ...name('k'),
    ...name('memory'),
    2,
    3,
    1,
    1,
  ]),
  ...section(3, [1, 2]),
  ...section(7, [1, ...name('allocate'), 0, 2]),
  ...section(10, [1, ...size(code.length), ...code]),
]);
