/** The words of Lua that cannot be names (Lua 5.4 reference manual, 3.1). */
export const luaKeywords: readonly string[] =
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  );
