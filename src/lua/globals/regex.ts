import { LuaType, type Pointer } from '../engine/raw.ts';
import { sizes } from '../engine/sizes.ts';
import { typeName } from '../engine/state.ts';
import { MatchFault, PatternFault } from '../regex/pcre2.ts';
import type { FoundMatch, Regex } from '../regex/regex.ts';
import { readReplacement } from '../regex/replacement.ts';
import type { LuaThread } from './thread.ts';

/** The functions of `regex`: PCRE patterns, and tables of the shapes that PHP's functions give, counted from 1. */
export function regexFunctions(thread: LuaThread, open: () => Regex) {
  const { lua, pusher } = thread;
  const { api } = lua;

  /** Text arguments: text first and pattern second, as the functions of `string` have them. */
  const argument = (state: Pointer, index: number, what: string) => {
    const text = lua.textArgument(state, index, what);
    if (text.includes('\ufffd') && !lua.isUtf8At(state, index)) {
      lua.raise(state, `${what}: argument ${index} is not valid UTF-8`);
    }
    return text;
  };

  /** Does what needs the engine, and raises its faults as errors of the program. */
  const guarded = <T>(state: Pointer, what: string, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (error instanceof PatternFault) {
        return lua.raise(
          state,
          `${what}: the pattern is wrong at position ${error.offset + 1}: ${error.message}`,
        );
      }
      if (error instanceof MatchFault) return lua.raise(state, `${what}: ${error.message}`);
      throw error;
    }
  };

  const setName = (state: Pointer, name: string | undefined) => {
    if (name === undefined) return;
    lua.pushText(state, name);
    api.lua_pushvalue(state, -2);
    api.lua_rawset(state, -4);
  };

  /** The groups of a match: those at the end that took no part are left out, any other is an empty string. */
  const pushMatch = (state: Pointer, { groups, names }: FoundMatch) => {
    let count = groups.length;
    while (count > 1 && groups[count - 1] === null) count -= 1;
    api.lua_createtable(state, count, names.size);
    for (let group = 0; group < count; group += 1) {
      lua.pushText(state, groups[group] ?? '');
      setName(state, names.get(group));
      api.lua_rawseti(state, -2, BigInt(group + 1));
    }
  };

  /** A list for each group in the table at 1, kept on the stack from 2 on. */
  const pushGroupLists = (state: Pointer, { groups, names }: FoundMatch) => {
    if (api.lua_checkstack(state, groups.length + 8) === 0)
      lua.raise(state, 'regex.match_all: too many groups');
    for (let group = 0; group < groups.length; group += 1) {
      api.lua_createtable(state, 0, 0);
      const name = names.get(group);
      if (name !== undefined) {
        lua.pushText(state, name);
        api.lua_pushvalue(state, -2);
        api.lua_rawset(state, 1);
      }
      api.lua_pushvalue(state, -1);
      api.lua_rawseti(state, 1, BigInt(group + 1));
    }
  };

  return {
    /** `regex.match(text, pattern)` → the whole match, then the groups, named ones by their names too; or nil. */
    match(state: Pointer): number {
      const text = argument(state, 1, 'regex.match');
      const pattern = argument(state, 2, 'regex.match');
      const found = guarded(state, 'regex.match', () => {
        for (const match of open().matches(pattern, text)) return match;
        return null;
      });
      if (found === null) api.lua_pushnil(state);
      else pushMatch(state, found);
      return 1;
    },

    /** `regex.match_all(text, pattern)` → a list of all whole matches, then one of each group. */
    match_all(state: Pointer): number {
      const text = argument(state, 1, 'regex.match_all');
      const pattern = argument(state, 2, 'regex.match_all');
      api.lua_settop(state, 0);
      api.lua_createtable(state, 1, 0);
      let count = 0;
      // Put into the program's own tables one by one: there may be as many matches as the text has characters.
      guarded(state, 'regex.match_all', () => {
        for (const match of open().matches(pattern, text)) {
          if (count === 0) pushGroupLists(state, match);
          count += 1;
          match.groups.forEach((group, index) => {
            lua.pushText(state, group ?? '');
            api.lua_rawseti(state, index + 2, BigInt(count));
          });
        }
      });
      if (count === 0) {
        api.lua_createtable(state, 0, 0);
        pusher.markList(state);
        api.lua_rawseti(state, 1, 1n);
      }
      api.lua_settop(state, 1);
      return 1;
    },

    /**
     * `regex.gsub(text, pattern, replacement[, limit])` → the text with its matches replaced, and how many there were.
     * A replacement is text, or a function that is called with the groups and gives text (nil or false: as it was).
     */
    gsub(state: Pointer): number {
      const what = 'regex.gsub';
      const text = argument(state, 1, what);
      const pattern = argument(state, 2, what);
      const isFunction = api.lua_type(state, 3) === LuaType.function;
      const parts = isFunction ? [] : readReplacement(argument(state, 3, what));
      const limit = limitAt(state, 4, what);
      let count = 0;
      let at = 0;
      const pieces: string[] = [];
      const add = (piece: string) => {
        thread.buffers.hold(piece.length + sizes.scalar);
        pieces.push(piece);
      };
      const replace = (match: FoundMatch) => {
        count += 1;
        add(text.slice(at, match.start));
        if (isFunction) add(callReplacement(state, match) ?? text.slice(match.start, match.end));
        else for (const part of parts) add(typeof part === 'string' ? part : (match.groups[part] ?? ''));
        at = match.end;
      };
      guarded(state, what, () => {
        if (limit === 0) return;
        for (const match of open().matches(pattern, text)) {
          replace(match);
          if (count >= limit) return;
        }
      });
      add(text.slice(at));
      lua.pushText(state, pieces.join(''));
      api.lua_pushinteger(state, BigInt(count));
      return 2;
    },
  };

  /** Calls the function at 3 with the groups, or the whole match when there are none. */
  function callReplacement(state: Pointer, { groups }: FoundMatch): string | null {
    const given = groups.length === 1 ? groups : groups.slice(1);
    if (api.lua_checkstack(state, given.length + 4) === 0) lua.raise(state, 'regex.gsub: too many groups');
    api.lua_pushvalue(state, 3);
    for (const group of given) lua.pushText(state, group ?? '');
    api.lua_callk(state, given.length, 1, 0, 0);
    const type = api.lua_type(state, -1);
    let text: string | null = null;
    if (type === LuaType.string || type === LuaType.number) text = lua.toText(state, -1);
    else if (type !== LuaType.nil && !(type === LuaType.boolean && api.lua_toboolean(state, -1) === 0)) {
      lua.raise(state, `regex.gsub: the replacement function gave a ${typeName(type)}, not a string`);
    }
    api.lua_settop(state, -2);
    return text;
  }

  function limitAt(state: Pointer, index: number, what: string): number {
    const type = api.lua_type(state, index);
    if (api.lua_gettop(state) < index || type === LuaType.nil) return Number.POSITIVE_INFINITY;
    if (type !== LuaType.number || api.lua_isinteger(state, index) === 0) {
      lua.raise(state, `${what}: the limit is a whole number, not a ${typeName(type)}`);
    }
    const limit = Number(api.lua_tointegerx(state, index, 0));
    return limit < 0 ? Number.POSITIVE_INFINITY : limit;
  }
}
