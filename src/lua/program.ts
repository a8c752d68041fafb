import { type Failure, failure } from '../support/errors.ts';
import type { JsonValue } from '../support/json.ts';
import { continueCounters, createAllocator, limitWasHit, resetCounters } from './engine/allocator.ts';
import { type Buffers, OutOfMemory } from './engine/buffers.ts';
import type { HostPort } from './engine/port.ts';
import type { EndMessage, RunMessage } from './engine/protocol.ts';
import { Pusher } from './engine/push.ts';
import { type Engine, LuaStatus, type Pointer, registryIndex } from './engine/raw.ts';
import { Reader, UnreadableValue } from './engine/read.ts';
import { LuaState, shownName } from './engine/state.ts';
import { syntaxFault } from './engine/syntax.ts';
import { FailureTables } from './globals/failures.ts';
import { lookUp } from './globals/host-calls.ts';
import { Readable } from './globals/readable.ts';
import { createSandbox, type ThreadFiles } from './globals/sandbox.ts';
import type { LuaThread } from './globals/thread.ts';
import { memoryLimit } from './limit-failures.ts';

/** Runs programs, one after another, each in a state of its own. */
export class ProgramRunner {
  readonly #engine: Engine;
  readonly #thread: LuaThread;
  readonly #counters: WebAssembly.Memory;
  readonly #allocator: number;
  readonly #prepare: () => string | null;
  /** Whether a session's state is open. */
  #session = false;

  constructor(
    engine: Engine,
    port: HostPort,
    counters: WebAssembly.Memory,
    buffers: Buffers,
    files: ThreadFiles,
  ) {
    this.#engine = engine;
    const lua = new LuaState(engine, buffers);
    const pusher = new Pusher(lua);
    const reader = new Reader(lua, buffers);
    const readable = new Readable(lua, reader, buffers);
    const failures = new FailureTables(lua, pusher);
    this.#thread = {
      lua,
      port,
      pusher,
      reader,
      readable,
      failures,
      buffers,
      regex: null,
      seed: null,
      ticks: null,
      dumped: undefined,
    };
    this.#counters = counters;
    this.#allocator = engine.addFunction(createAllocator(counters, engine.api.realloc, engine.api.free));
    this.#prepare = createSandbox(this.#thread, files);
  }

  /** Runs a program in a state of its own, or a line of a session in the state that the last line has left. */
  run(message: RunMessage): EndMessage {
    const { lua } = this.#thread;
    lua.programName = shownName(message.name);
    this.#thread.dumped = undefined;
    this.#thread.buffers.reset();
    try {
      const goesOn = message.session && this.#session;
      const fault = goesOn ? this.#resume(message) : this.#open(message);
      if (fault !== null) return fault;
      const end = message.session ? this.#line(message) : this.#execute(message);
      this.#session = message.session && !limitWasHit(this.#counters);
      // Finalizers run when a state is closed: what they do is part of the run.
      if (!this.#session) lua.close();
      const hit = limitWasHit(this.#counters);
      return hit ? { ...failed(memoryLimit()), lost: message.session } : end;
    } catch (error) {
      this.#session = false;
      // What comes through Lua's own frames, or ends it where nothing is protected, leaves the state unusable.
      const end = error instanceof OutOfMemory || limitWasHit(this.#counters) ? failed(memoryLimit()) : null;
      if (end === null && !(error instanceof RangeError)) throw error;
      const nested = `${message.name}: the program is nested too deeply (stack overflow)`;
      return { ...(end ?? failed(failure('script_error', nested))), lost: message.session, spoiled: true };
    }
  }

  #open(message: RunMessage): EndMessage | null {
    const thread = this.#thread;
    if (this.#session) thread.lua.close();
    this.#session = false;
    resetCounters(this.#counters, message.memoryBytes);
    thread.pusher.reset();
    thread.regex = null;
    thread.seed = message.seed;
    thread.ticks = message.now === null ? null : 0;
    // A new state draws on the time for how it hashes strings, which is the order of keys.
    this.#engine.now = message.seed === null ? Date.now : () => 0;
    thread.lua.open(this.#allocator);
    const { now } = message;
    this.#engine.now = now === null ? Date.now : () => now;
    if (message.session) thread.lua.watch(() => thread.port.interrupted());
    const fault = this.#prepare();
    if (fault === null) return null;
    return this.#memoryOr(failure('internal', `The Lua state cannot be prepared: ${fault}`));
  }

  #resume(message: RunMessage): EndMessage | null {
    const { lua } = this.#thread;
    lua.api.lua_settop(lua.main, 0);
    lua.watch(() => this.#thread.port.interrupted());
    continueCounters(this.#counters, message.memoryBytes);
    return null;
  }

  #execute({ source, name, parseOnly }: RunMessage): EndMessage {
    const { lua } = this.#thread;
    const text = programText(source);
    if (lua.load(text, name) !== LuaStatus.ok) return this.#unparsed(text, name);
    if (parseOnly) return { kind: 'end', result: null, returned: false, error: null };
    const { status, traceback } = lua.call(0);
    return status === LuaStatus.ok ? this.#result() : this.#uncaught(status, traceback, name);
  }

  /** A line: an expression, whose values are printed, or statements. */
  #line({ source, name, lookUp: path }: RunMessage): EndMessage {
    const { lua, port, pusher, readable } = this.#thread;
    if (path !== null) {
      lua.api.lua_rawgeti(lua.main, registryIndex, lookUp);
      pusher.push(lua.main, [...path]);
      const { status, traceback } = lua.call(1);
      return status === LuaStatus.ok ? this.#result() : this.#uncaught(status, traceback, name);
    }
    const line = keepLocals(typeof source === 'string' ? source : new TextDecoder().decode(source));
    const isExpression = line.startsWith('=');
    const expression = `return ${isExpression ? line.slice(1) : line}`;
    if (lua.load(expression, name) !== LuaStatus.ok) {
      if (isExpression) return this.#unparsed(new TextEncoder().encode(expression), name);
      lua.api.lua_settop(lua.main, 0);
      const text = new TextEncoder().encode(line);
      if (lua.load(text, name) !== LuaStatus.ok) return this.#unparsed(text, name);
    }
    const { status, traceback } = lua.call(0);
    if (status !== LuaStatus.ok) return this.#uncaught(status, traceback, name);
    const count = lua.api.lua_gettop(lua.main) - 1;
    if (count > 0) {
      const shown: string[] = [];
      for (let index = 0; index < count; index += 1) {
        const fault = lua.protect((state) => {
          shown.push(readable.dump(state, 1));
          return 0;
        }, index + 2);
        if (fault !== null) return failed(failure('script_error', `The value cannot be shown: ${fault}`));
      }
      port.print(`${shown.join('\t')}\n`);
    }
    return this.#result();
  }

  #unparsed(text: Uint8Array, name: string): EndMessage {
    const { message, line, column } = syntaxFault(this.#thread.lua, text, name);
    const place = column === null ? '' : ` (column ${column})`;
    const details = { file: name, line, column };
    const end = failed(failure('syntax_error', `${message}${place}`, { details }));
    return { ...end, incomplete: message.endsWith('<eof>') };
  }

  /** One value returned is the result; several are a list. */
  #result(): EndMessage {
    const { lua, reader, buffers, dumped } = this.#thread;
    // The lowest slot holds the error handler.
    const count = lua.api.lua_gettop(lua.main) - 1;
    if (count === 0) return { kind: 'end', result: dumped?.value ?? null, returned: false, error: null };
    const values: JsonValue[] = [];
    const unreadable: string[] = [];
    const read = (state: Pointer) => {
      const before = buffers.held;
      try {
        values.push(reader.read(state, 1, ''));
        buffers.keep(buffers.held - before);
      } catch (error) {
        if (!(error instanceof UnreadableValue)) throw error;
        unreadable.push(error.message);
      }
      return 0;
    };
    // Protected, because Lua may have to collect garbage for it, and that may run code of the program.
    for (let index = 0; index < count; index += 1) {
      const fault = lua.protect(read, index + 2) ?? unreadable[0] ?? null;
      if (fault === null) continue;
      const message = `What the program returned cannot be given as JSON: ${fault}`;
      return this.#memoryOr(failure('script_error', message));
    }
    return { kind: 'end', result: count === 1 ? (values[0] ?? null) : values, returned: true, error: null };
  }

  #uncaught(status: number, traceback: string | null, name: string): EndMessage {
    const { lua, failures, readable } = this.#thread;
    if (status === LuaStatus.memoryError) return failed(memoryLimit());
    const raised = failures.failureAt(lua.main, -1);
    if (raised !== null) return failed(raised);
    const stack = ownLines(traceback, shownName(name));
    let message = 'an error without a message';
    const value = lua.api.lua_gettop(lua.main);
    // The value may have a __tostring of the program's, which may fail in turn.
    const fault = lua.protect((state) => {
      lua.api.lua_pushvalue(state, 1);
      message = readable.show(state, -1);
      return 0;
    }, value);
    if (fault !== null) message = `an error whose text cannot be made: ${fault}`;
    if (message === 'nil') message = 'an error without a message (nil)';
    return failed(failure('script_error', message, { details: { traceback: stack } }));
  }

  #memoryOr(otherwise: Failure): EndMessage {
    return failed(limitWasHit(this.#counters) ? memoryLimit() : otherwise);
  }
}

/** A program without its byte order mark, and with its first line empty when that line is for the shell. */
function programText(source: string | Uint8Array): Uint8Array {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source;
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const text = hasMark ? bytes.subarray(3) : bytes;
  if (text[0] !== 0x23) return text;
  const end = text.indexOf(0x0a);
  // The line end stays, so that lines keep their numbers.
  return end < 0 ? new Uint8Array() : text.subarray(end);
}

/**
 * A line whose first statement is local would be forgotten at its end: it is made global, as whoever types it means.
 * Blanks in the place of what is left out keep the columns.
 */
function keepLocals(line: string): string {
  const begins = /^\s*local\s+(?=function\b|[A-Za-z_][\w\s,]*(?:=|$))/.exec(line)?.[0];
  return begins === undefined ? line : begins.replace('local', '     ') + line.slice(begins.length);
}

/** How long a line of a traceback may be: a function may have a name of any length. */
const longestLine = 300;

/** The lines of a traceback that speak of the program itself. */
function ownLines(traceback: string | null, name: string): string[] {
  return (traceback ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith(`${name}:`))
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line));
}

function failed(error: Failure): EndMessage {
  return { kind: 'end', result: null, returned: false, error };
}
