import { isUtf8 } from 'node:buffer';
import { type Buffers, OutOfMemory } from './buffers.ts';
import { createDispatcher, createHook } from './dispatcher.ts';
import { Heap } from './heap.ts';
import {
  type Engine,
  globalsField,
  type LuaApi,
  LuaStatus,
  LuaType,
  type Pointer,
  registryIndex,
} from './raw.ts';

/** `lua_upvalueindex(1)`. */
const firstUpvalue = registryIndex - 1;

/** What the error of a line that was interrupted says. */
export const interrupted = 'interrupted';

/** Where the registry has Lua's own `collectgarbage`. */
export const collector = 1_011n;

/** `LUA_MASKCOUNT`, and after how many instructions a session looks whether it is to stop. */
const countMask = 8;
const instructions = 1_000;

/** Room for a `lua_Debug`, and where in it `namewhat` stands. */
const debugRecordBytes = 256;
const debugKindPlace = 8;

/** A function that Lua calls: its arguments are on the stack from 1, and it gives the number of results it left. */
export type LuaFunction = (state: Pointer) => number;

/** How a chunk ended: its results are on the stack, or the error value is. */
export type ChunkEnd = { readonly status: number; readonly traceback: string | null };

/**
 * One Lua state at a time. Everything that may raise a Lua error runs inside a protected call; an error raised by a
 * function of ours unwinds through JavaScript, so such a function holds nothing that must be given back.
 */
export class LuaState {
  readonly api: LuaApi;
  readonly heap: Heap;
  /** The main thread of the open state. */
  main: Pointer = 0;
  /** What messages call the program that runs. */
  programName = '';
  readonly #lengthOut: Pointer;
  readonly #dispatcher: Pointer;
  readonly #functions: LuaFunction[] = [];
  readonly #engine: Engine;
  readonly #buffers: Buffers;
  #hook: Pointer = 0;
  readonly #numbers = new Map<LuaFunction, number>();
  #traceback: string | null = null;
  /** The coroutine that called the function of ours that runs; 0 when none does. */
  #running: Pointer = 0;
  #work: LuaFunction | null = null;
  /** One C function for whatever is to be protected: functions made for one use would pile up. */
  readonly #perform: LuaFunction = (state) => this.#work?.(state) ?? 0;

  constructor(engine: Engine, buffers: Buffers) {
    this.#engine = engine;
    this.#buffers = buffers;
    this.api = engine.api;
    this.heap = new Heap(engine.api, buffers);
    buffers.collectGarbage = () => this.#collect();
    this.#lengthOut = this.api.malloc(8);
    this.#dispatcher = engine.addFunction(createDispatcher((state) => this.#dispatch(state)));
  }

  /**
   * Opens a fresh state.
   * @param allocator a C function as `lua_newstate` takes it
   */
  open(allocator: Pointer): void {
    this.main = this.api.lua_newstate(allocator, 0);
    if (this.main === 0) throw new OutOfMemory();
  }

  /**
   * Has the open state raise an error soon after it is asked to. It costs Lua a third of its speed, so that only a
   * session has it: a run is ended from outside. Once asked, every further instruction raises, so that a program that
   * catches the error meets it again outside of its `pcall`.
   */
  watch(isInterrupted: () => boolean): void {
    this.#hook ||= this.#engine.addFunction(
      createHook((state) => {
        if (!isInterrupted()) return;
        this.api.lua_sethook(state, this.#hook, countMask, 1);
        this.raise(state, interrupted);
      }),
    );
    this.api.lua_sethook(this.main, this.#hook, countMask, instructions);
  }

  close(): void {
    if (this.main !== 0) this.api.lua_close(this.main);
    this.main = 0;
  }

  /** Collects garbage, where a function of ours runs that may be called from. */
  #collect(): void {
    const state = this.#running;
    if (state === 0 || this.api.lua_rawgeti(state, registryIndex, collector) !== LuaType.function) return;
    this.api.lua_callk(state, 0, 0, 0, 0);
  }

  /**
   * Runs work that may raise, protected; the error's text when it did.
   * @param argument index of a value to hand to the work
   */
  protect(work: LuaFunction, argument?: number): string | null {
    const { api, main } = this;
    const top = api.lua_gettop(main);
    this.#work = work;
    this.pushFunction(main, this.#perform);
    if (argument !== undefined) api.lua_pushvalue(main, argument);
    const status = api.lua_pcallk(main, argument === undefined ? 0 : 1, 0, 0, 0, 0);
    if (status === LuaStatus.ok) return null;
    // Nothing else is asked for its text here: it may have a say in it, and nothing would catch its error.
    const type = api.lua_type(main, -1);
    const text = type === LuaType.string ? this.stringAt(main, -1) : `an error that is a ${typeName(type)}`;
    api.lua_settop(main, top);
    return text;
  }

  /** Loads a chunk as text, never as bytecode. Leaves the function, or the error, on the stack. */
  load(source: string | Uint8Array, name: string): number {
    return this.#load(source, name, 't');
  }

  /** As `load`, for a chunk that was compiled by this engine. Never for what a program brings: bytecode can break it. */
  loadCompiled(bytecode: Uint8Array, name: string): number {
    return this.#load(bytecode, name, 'b');
  }

  #load(chunk: string | Uint8Array, name: string, mode: 't' | 'b'): number {
    const { api, heap, main } = this;
    return heap.lendConstant(`@${name}`, (namePointer) =>
      heap.lend(chunk, (pointer, length) =>
        api.luaL_loadbufferx(main, pointer, length, namePointer, heap.constant(mode)),
      ),
    );
  }

  /** Calls the function under `args` values on the main stack; keeps the traceback of an error nothing caught. */
  call(args: number): ChunkEnd {
    const { api, main } = this;
    const base = api.lua_gettop(main) - args;
    this.pushFunction(main, this.#handle);
    api.lua_rotate(main, base, 1);
    this.#traceback = null;
    const status = api.lua_pcallk(main, args, -1, base, 0, 0);
    return { status, traceback: this.#traceback };
  }

  /** The error handler: keeps the traceback, and hands on the error as it is. */
  readonly #handle: LuaFunction = (state) => {
    this.api.luaL_traceback(state, state, 0, 1);
    this.#traceback = this.toText(state, -1);
    this.api.lua_settop(state, 1);
    return 1;
  };

  // ── Pushing ──────────────────────────────────────────────────────────────────────────────────────────────────

  pushText(state: Pointer, text: string): void {
    this.heap.lend(text, (pointer, length) => this.api.lua_pushlstring(state, pointer, length));
  }

  /** @param fn made once for the thread: every function seen here is kept for good */
  pushFunction(state: Pointer, fn: LuaFunction): void {
    let number = this.#numbers.get(fn);
    if (number === undefined) {
      number = this.#functions.push(fn) - 1;
      this.#numbers.set(fn, number);
    }
    this.api.lua_pushnumber(state, number);
    this.api.lua_pushcclosure(state, this.#dispatcher, 1);
  }

  #dispatch(state: Pointer): number {
    const number = this.api.lua_tonumberx(state, firstUpvalue, 0);
    const { held } = this.#buffers;
    const caller = this.#running;
    this.#running = state;
    try {
      return this.#functions[number]?.(state) ?? 0;
    } catch (error) {
      if (!(error instanceof OutOfMemory)) throw error;
      // A program may catch it for as long as it takes to notice that the limit was hit.
      return this.raise(state, error.message);
    } finally {
      this.#running = caller;
      this.#buffers.releaseTo(held);
    }
  }

  // ── Tables ───────────────────────────────────────────────────────────────────────────────────────────────────

  pushGlobals(state: Pointer): void {
    this.api.lua_rawgeti(state, registryIndex, globalsField);
  }

  /** Pushes a table kept in the registry under a name, made when it is not there. */
  pushRegistryTable(state: Pointer, name: string): void {
    this.api.luaL_getsubtable(state, registryIndex, this.heap.constant(name));
  }

  /** Pushes a table kept in the registry under a number. */
  pushMark(state: Pointer, place: bigint): void {
    this.api.lua_rawgeti(state, registryIndex, place);
  }

  /** `table[name] = value on top`, raw or not, and pops the value. */
  setField(state: Pointer, table: number, name: string): void {
    this.api.lua_setfield(state, table, this.heap.constant(name));
  }

  getField(state: Pointer, table: number, name: string): number {
    return this.api.lua_getfield(state, table, this.heap.constant(name));
  }

  // ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** The text of a string value. Only for strings: of a number, Lua would turn the value itself into a string. */
  stringAt(state: Pointer, index: number): string {
    const pointer = this.api.lua_tolstring(state, index, this.#lengthOut);
    return this.heap.text(pointer, this.heap.word(this.#lengthOut));
  }

  /** The bytes of a string value, for as long as nothing happens in the engine. */
  bytesAt(state: Pointer, index: number): Uint8Array {
    const pointer = this.api.lua_tolstring(state, index, this.#lengthOut);
    return this.heap.bytes.subarray(pointer, pointer + this.heap.word(this.#lengthOut));
  }

  /** Whether the bytes of a string value are UTF-8. */
  isUtf8At(state: Pointer, index: number): boolean {
    return isUtf8(this.bytesAt(state, index));
  }

  /** Any value as `tostring` has it, metamethods included; may raise. */
  toText(state: Pointer, index: number): string {
    const pointer = this.api.luaL_tolstring(state, index, this.#lengthOut);
    const text = this.heap.text(pointer, this.heap.word(this.#lengthOut));
    this.api.lua_settop(state, -2);
    return text;
  }

  /** A string argument; raises when it is something else. */
  textArgument(state: Pointer, index: number, what: string): string {
    if (this.api.lua_type(state, index) === LuaType.string) return this.stringAt(state, index);
    return this.raise(state, `${what}: expected a string, got ${typeName(this.api.lua_type(state, index))}`);
  }

  /** Raises an error with the program's running line before it. */
  raise(state: Pointer, message: string): never {
    const place = this.place(state);
    this.pushText(state, place === null ? message : `${place}: ${message}`);
    return this.raiseTop(state);
  }

  /** Whether the running function of ours was called as a method, `value:name()`. */
  isMethodCall(state: Pointer): boolean {
    const { api, heap } = this;
    const record = api.malloc(debugRecordBytes);
    if (record === 0) throw new OutOfMemory();
    api.lua_getstack(state, 0, record);
    api.lua_getinfo(state, heap.constant('n'), record);
    const kind = heap.constantText(heap.word(record + debugKindPlace));
    api.free(record);
    return kind === 'method';
  }

  /** Raises an error with the place of the caller before it, as Lua's own functions do. */
  raiseAt(state: Pointer, message: string): never {
    this.api.luaL_where(state, 1);
    const place = this.stringAt(state, -1);
    this.pushText(state, place + message);
    return this.raiseTop(state);
  }

  /** `workflow.lua:12`: the innermost running line of the program itself; null when none is near. */
  place(state: Pointer): string | null {
    for (let level = 1; level < 12; level += 1) {
      this.api.luaL_where(state, level);
      const place = this.stringAt(state, -1);
      this.api.lua_settop(state, -2);
      if (place.startsWith(`${this.programName}:`)) return place.replace(/: $/, '');
    }
    return null;
  }

  /** Raises the value on top of the stack. */
  raiseTop(state: Pointer): never {
    this.api.lua_error(state);
    throw new Error('lua_error came back');
  }
}

/** How many bytes of a chunk's name Lua shows, `LUA_IDSIZE`, and how many of the end of a longer one. */
const shownBytes = 59;
const shownEnd = 56;

/** A chunk's name as Lua's messages have it: of a long one, which will be a path, its end. */
export function shownName(name: string): string {
  const bytes = Buffer.from(name);
  return bytes.length <= shownBytes ? name : `...${bytes.subarray(-shownEnd).toString('utf8')}`;
}

const typeNames = ['nil', 'boolean', 'null', 'number', 'string', 'table', 'function', 'userdata', 'thread'];

/** A type's name as error messages give it. */
export function typeName(type: number): string {
  return typeNames[type] ?? 'nothing';
}
