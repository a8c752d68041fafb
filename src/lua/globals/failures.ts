import type { Failure } from '../../support/errors.ts';
import { type JsonValue, stringifyJson } from '../../support/json.ts';
import { parseJson } from '../../support/parse-json.ts';
import { marks, type Pusher } from '../engine/push.ts';
import { LuaType, type Pointer } from '../engine/raw.ts';
import type { LuaState } from '../engine/state.ts';

/** Failures as the tables a program catches, and such a table as the failure it came from. */
export class FailureTables {
  readonly #lua: LuaState;
  readonly #pusher: Pusher;
  readonly #toString = (state: Pointer) => {
    const failure = this.failureAt(state, 1);
    this.#lua.pushText(state, failure?.message ?? 'error');
    return 1;
  };

  constructor(lua: LuaState, pusher: Pusher) {
    this.#lua = lua;
    this.#pusher = pusher;
  }

  /** Raises a failure as an error table: `status`, `code`, `message`, `errors`, `request_id`, `operation`, and more. */
  raise(state: Pointer, failure: Failure): never {
    const at = this.#lua.place(state);
    const located = at === null ? failure : { ...failure, details: { ...failure.details, at } };
    this.#push(state, located);
    return this.#lua.raiseTop(state);
  }

  /** The failure that the value at an index was raised for; null for any other value. */
  failureAt(state: Pointer, index: number): Failure | null {
    const { api } = this.#lua;
    if (api.lua_type(state, index) !== LuaType.table) return null;
    const table = api.lua_absindex(state, index);
    this.#lua.pushMark(state, marks.failures);
    api.lua_pushvalue(state, table);
    const isMarked = api.lua_rawget(state, -2) === LuaType.string;
    const text = isMarked ? this.#lua.stringAt(state, -1) : '';
    api.lua_settop(state, -3);
    // Written below, by this class.
    return isMarked ? (parseJson(text) as unknown as Failure) : null;
  }

  /** Notes which branch of `parallel` raised the failure at an index; nothing for any other value. */
  noteBranch(state: Pointer, index: number, branch: number): void {
    const { api } = this.#lua;
    const failure = this.failureAt(state, index);
    if (failure === null || 'branch' in failure.details) return;
    api.lua_pushvalue(state, index);
    this.#mark(state, { ...failure, details: { ...failure.details, branch } });
    api.lua_settop(state, -2);
    api.lua_pushinteger(state, BigInt(branch));
    this.#lua.setField(state, index, 'branch');
  }

  /** Notes the failure that the table on top was made for. As text, so that it goes when the table does. */
  #mark(state: Pointer, failure: Failure): void {
    const { api } = this.#lua;
    this.#lua.pushMark(state, marks.failures);
    api.lua_pushvalue(state, -2);
    this.#lua.pushText(state, stringifyJson(failure));
    api.lua_rawset(state, -3);
    api.lua_settop(state, -2);
  }

  #push(state: Pointer, failure: Failure): void {
    const { api } = this.#lua;
    const { details, code, hint } = failure;
    // The API's own code and words go first: they are what a program tells errors apart by.
    this.#pusher.push(state, {
      status: numberOf(details['status']),
      code: textOf(details['code']) ?? code,
      message: textOf(details['message']) ?? failure.message,
      errors: Array.isArray(details['errors']) ? (details['errors'] as JsonValue[]) : [],
      request_id: textOf(details['request_id']),
      operation: textOf(details['operation']),
      kind: code,
      hint,
    });
    this.#mark(state, failure);
    api.lua_createtable(state, 0, 2);
    this.#lua.pushFunction(state, this.#toString);
    this.#lua.setField(state, -2, '__tostring');
    this.#lua.pushText(state, 'error');
    this.#lua.setField(state, -2, '__metatable');
    api.lua_setmetatable(state, -2);
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
