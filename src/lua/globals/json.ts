import { type ParseErrorCode, printParseErrorCode, visit } from 'jsonc-parser';
import { type JsonValue, stringifyJson } from '../../support/json.ts';
import { parseJson } from '../../support/parse-json.ts';
import { deepestValue, marks } from '../engine/push.ts';
import { LuaType, type Pointer } from '../engine/raw.ts';
import { UnreadableValue } from '../engine/read.ts';
import { jsonLength, parsedSize } from '../engine/sizes.ts';
import { typeName } from '../engine/state.ts';
import type { LuaThread } from './thread.ts';

/** Up to about how many bytes a value is small enough not to mind how long its text is. */
const smallValue = 512 * 1024;

/** The functions of `json`; `json.null` stands beside them. */
export function jsonFunctions(thread: LuaThread) {
  const { lua, pusher, buffers } = thread;
  const { api } = lua;
  const tableArgument = (state: Pointer, name: string) => {
    if (api.lua_type(state, 1) === LuaType.nil || api.lua_gettop(state) === 0) {
      api.lua_settop(state, 0);
      api.lua_createtable(state, 0, 0);
    } else if (api.lua_type(state, 1) !== LuaType.table) {
      lua.raise(state, `json.${name}: expected a table, got ${typeName(api.lua_type(state, 1))}`);
    }
    api.lua_settop(state, 1);
  };
  return {
    encode(state: Pointer): number {
      const pretty = api.lua_type(state, 2) === LuaType.table && wantsPretty(thread, state);
      const before = buffers.held;
      const value = readArgument(thread, state, 1, 'json.encode');
      // Escapes may make a text six times as long as what it says.
      if (buffers.held - before > smallValue) buffers.hold(jsonLength(value));
      const text = stringifyJson(value, pretty ? 2 : undefined);
      buffers.releaseTo(before);
      buffers.hold(text.length);
      lua.pushText(state, text);
      return 1;
    },
    decode(state: Pointer): number {
      const before = buffers.held;
      const text = lua.textArgument(state, 1, 'json.decode');
      const textSize = buffers.held - before;
      const value = parseText(thread, state, text, 'json.decode');
      buffers.releaseTo(buffers.held - textSize);
      if (value === undefined) lua.raise(state, `json.decode: ${faultOf(text)}`);
      else if (value === null) pusher.pushNull(state);
      else pusher.push(state, value, 'json.decode: ');
      return 1;
    },
    array(state: Pointer): number {
      tableArgument(state, 'array');
      pusher.markList(state);
      return 1;
    },
    object(state: Pointer): number {
      tableArgument(state, 'object');
      lua.pushMark(state, marks.lists);
      api.lua_pushvalue(state, 1);
      api.lua_pushnil(state);
      api.lua_rawset(state, -3);
      api.lua_settop(state, 1);
      return 1;
    },
  };
}

/** An argument as a JSON value; what is none is raised as an error that names the place. */
export function readArgument(thread: LuaThread, state: Pointer, index: number, what: string): JsonValue {
  try {
    return thread.reader.read(state, index, '');
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    return thread.lua.raise(state, `${what}: ${error.message}`);
  }
}

function wantsPretty(thread: LuaThread, state: Pointer): boolean {
  const { lua } = thread;
  lua.pushText(state, 'pretty');
  lua.api.lua_rawget(state, 2);
  const pretty = lua.api.lua_toboolean(state, -1) !== 0;
  lua.api.lua_settop(state, -2);
  return pretty;
}

/** The value of a JSON text; undefined when it is none. */
export function parseText(
  thread: LuaThread,
  state: Pointer,
  text: string,
  what: string,
): JsonValue | undefined {
  thread.buffers.hold(parsedSize(text));
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return thread.lua.raise(state, `${what}: the value is nested more than ${deepestValue} deep`);
  }
}

/** Thrown at the first fault: of a large text there may be millions. */
class Fault extends Error {
  readonly code: ParseErrorCode;
  readonly offset: number;

  constructor(code: ParseErrorCode, offset: number) {
    super();
    this.code = code;
    this.offset = offset;
  }
}

function firstFault(text: string): Fault | null {
  const options = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false };
  try {
    visit(text, { onError: (code, offset) => raiseFault(new Fault(code, offset)) }, options);
    return null;
  } catch (error) {
    // Nested so deeply that the stack does not reach to the fault.
    if (error instanceof RangeError) return null;
    if (error instanceof Fault) return error;
    throw error;
  }
}

function raiseFault(fault: Fault): never {
  throw fault;
}

/** What is wrong with a text that is no JSON, and where. */
function faultOf(text: string): string {
  const fault = firstFault(text);
  if (fault === null) return 'not JSON';
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < fault.offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  const column = fault.offset - lineStart + 1;
  const words = printParseErrorCode(fault.code)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return `not JSON at line ${line}, column ${column}: ${words}`;
}
