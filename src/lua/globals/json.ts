import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { type JsonValue, stringifyJson } from '../../support/json.ts';
import { parseJson } from '../../support/parse-json.ts';
import { marks } from '../engine/push.ts';
import { LuaType, type Pointer } from '../engine/raw.ts';
import { UnreadableValue } from '../engine/read.ts';
import { typeName } from '../engine/state.ts';
import type { LuaThread } from './thread.ts';

/** The functions of `json`; `json.null` stands beside them. */
export function jsonFunctions(thread: LuaThread) {
  const { lua, pusher } = thread;
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
      lua.pushText(
        state,
        stringifyJson(readArgument(thread, state, 1, 'json.encode'), pretty ? 2 : undefined),
      );
      return 1;
    },
    decode(state: Pointer): number {
      const text = lua.textArgument(state, 1, 'json.decode');
      const value = parseJson(text);
      if (value === undefined) lua.raise(state, `json.decode: ${faultOf(text)}`);
      else if (value === null) pusher.pushNull(state);
      else pusher.push(state, value);
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

/** What is wrong with a text that is no JSON, and where. */
function faultOf(text: string): string {
  const faults: ParseError[] = [];
  parse(text, faults, { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false });
  const fault = faults[0];
  if (fault === undefined) return 'not JSON';
  const before = text.slice(0, fault.offset);
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  const words = printParseErrorCode(fault.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return `not JSON at line ${line}, column ${column}: ${words}`;
}
