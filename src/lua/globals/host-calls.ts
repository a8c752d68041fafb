import type { JsonValue } from '../../support/json.ts';
import { isJsonObject } from '../../support/json.ts';
import type { HostAnswer } from '../engine/protocol.ts';
import { LuaType, type Pointer, registryIndex } from '../engine/raw.ts';
import { interrupted } from '../engine/state.ts';
import { parseText, readArgument } from './json.ts';
import type { LuaThread } from './thread.ts';

/** Where the registry has the function that tells what a path of names leads to. */
export const lookUp = 1_012n;

/**
 * Two integers that differ in every state. From V8's own generator, which it seeds from the system: a program's random
 * numbers need not be unguessable, and `crypto` takes longer to load than a short program to run.
 */
function randomIntegers(): [bigint, bigint] {
  const integer = () => BigInt(Math.floor(Math.random() * Number.MAX_SAFE_INTEGER));
  return [integer(), integer()];
}

/**
 * The functions through which a program's globals reach the host. A question is submitted and waited for; until it is
 * answered the thread sleeps, wherever in the program the question was asked.
 */
export function hostFunctions(thread: LuaThread) {
  const { lua, port, pusher } = thread;
  const { api } = lua;

  const arguments_ = (state: Pointer, from: number): JsonValue[] => {
    const values: JsonValue[] = [];
    const count = api.lua_gettop(state);
    for (let index = from; index <= count; index += 1)
      values.push(readArgument(thread, state, index, 'arguments'));
    return values;
  };

  const finish = (state: Pointer, answer: HostAnswer | null): number => {
    if (answer === null) return lua.raise(state, interrupted);
    if ('error' in answer) return thread.failures.raise(state, answer.error);
    const value =
      'text' in answer ? (parseText(thread, state, answer.text, 'the answer') ?? null) : answer.value;
    pusher.push(state, value);
    return 1;
  };

  const submit = (state: Pointer, name: string, read: () => JsonValue[]): number => {
    const { held } = thread.buffers;
    const args = read();
    api.lua_pushinteger(state, BigInt(port.submit(name, args, thread.buffers.held - held)));
    return 1;
  };

  return {
    /** `ask(name, …)` → the answer; an error answer is raised. */
    ask(state: Pointer): number {
      const name = lua.textArgument(state, 1, 'ask');
      return finish(state, port.ask(name, arguments_(state, 2)));
    },
    /** `submit(name, …)` → an id to wait for. */
    submit(state: Pointer): number {
      const name = lua.textArgument(state, 1, 'submit');
      return submit(state, name, () => arguments_(state, 2));
    },
    /** `wait(ids)` → one of the ids, answered; the answer is taken with `take`. */
    wait(state: Pointer): number {
      const id = port.wait(idsAt(state));
      if (id === 0) lua.raise(state, interrupted);
      api.lua_pushinteger(state, BigInt(id));
      return 1;
    },
    /** `take(id)` → the answer that was waited for; an error answer is raised. */
    take(state: Pointer): number {
      return finish(state, port.take(Number(api.lua_tointegerx(state, 1, 0))));
    },
    /** `drop(id)`: the answer that was waited for is of no use. */
    drop(state: Pointer): number {
      port.take(Number(api.lua_tointegerx(state, 1, 0)));
      return 0;
    },
    /** `cancel(ids)`: the answers are of no use; what was not sent yet need not be. */
    cancel(state: Pointer): number {
      port.cancel(idsAt(state));
      return 0;
    },
    /** `forget(ids)`, as `cancel`, for what nobody will wait for. */
    forget(state: Pointer): number {
      port.forget(idsAt(state));
      return 0;
    },
    /** `call(integration, account, name, args)`: one call of an operation. */
    call(state: Pointer): number {
      return finish(state, port.ask('call', callArguments(state)));
    },
    /** `submit_call(…)`, as `call`, → an id to wait for. */
    submit_call(state: Pointer): number {
      return submit(state, 'call', () => callArguments(state));
    },
    /** `submit_page(…)`, as `submit_call`, for `{ items, next }` of a list that goes on. */
    submit_page(state: Pointer): number {
      return submit(state, 'page', () => callArguments(state));
    },
    /** `seeds()` → the two integers that random numbers begin with, and whether they were chosen. */
    seeds(state: Pointer): number {
      const [first, second] = thread.seed === null ? randomIntegers() : [BigInt(Math.trunc(thread.seed)), 0n];
      api.lua_pushinteger(state, first);
      api.lua_pushinteger(state, second);
      api.lua_pushboolean(state, thread.seed === null ? 0 : 1);
      return 3;
    },
    /** `clock()` → seconds of CPU time; where time stands still, a millisecond more each time. */
    clock(state: Pointer): number {
      if (thread.ticks !== null) thread.ticks += 1;
      api.lua_pushnumber(state, thread.ticks === null ? port.busySeconds() : thread.ticks / 1000);
      return 1;
    },
    /** `keep_look_up(fn)`: what a path of names leads to is asked of this function. */
    keep_look_up(state: Pointer): number {
      api.lua_rawseti(state, registryIndex, lookUp);
      return 0;
    },
    /** `results(n)` → a list for n values, some of which may be nil. */
    results(state: Pointer): number {
      const length = Number(api.lua_tointegerx(state, 1, 0));
      api.lua_createtable(state, length, 0);
      pusher.markList(state, length);
      return 1;
    },
    /** `in_branch(error, n)`: notes in the error of a call which branch of `parallel` it came from. */
    in_branch(state: Pointer): number {
      thread.failures.noteBranch(state, 1, Number(api.lua_tointegerx(state, 2, 0)));
      return 0;
    },
  };

  function idsAt(state: Pointer): number[] {
    const ids = readArgument(thread, state, 1, 'wait');
    return Array.isArray(ids) ? ids.map(Number) : [];
  }

  /** The arguments of `call`, checked. */
  function callArguments(state: Pointer): JsonValue[] {
    const type = api.lua_type(state, 4);
    if (api.lua_gettop(state) < 4 || type === LuaType.nil) {
      api.lua_settop(state, 3);
      api.lua_createtable(state, 0, 0);
    } else if (type !== LuaType.table) {
      const name = lua.stringAt(state, 3);
      lua.raise(state, `${name}: expected one table of arguments, as in ${name}{ limit = 10 }`);
    }
    const args = readArgument(thread, state, 4, lua.stringAt(state, 3));
    const account = api.lua_type(state, 2) === LuaType.string ? lua.stringAt(state, 2) : null;
    if (!isJsonObject(args) && (args as JsonValue[]).length > 0) {
      lua.raise(
        state,
        `${lua.stringAt(state, 3)}: its arguments have names, as in { limit = 10 }; this is a list`,
      );
    }
    const table = isJsonObject(args) ? args : {};
    return [lua.stringAt(state, 1), account, lua.stringAt(state, 3), table];
  }
}
