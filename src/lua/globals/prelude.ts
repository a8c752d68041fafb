import { scheduler } from './scheduler.ts';

/**
 * The part of the globals that is best said in Lua: what needs metatables and coroutines. It runs in every fresh state
 * before the program, with the host's functions as its argument, and leaves nothing else behind.
 */
export const prelude = `
local host = ...
local setmetatable, getmetatable, type, error, next, select, tostring, ipairs, rawget, unpack =
  setmetatable, getmetatable, type, error, next, select, tostring, ipairs, rawget, table.unpack
local create, resume, yield, status, close, running, isyieldable =
  coroutine.create, coroutine.resume, coroutine.yield, coroutine.status, coroutine.close, coroutine.running,
  coroutine.isyieldable
local find = string.find
local math_type, math_max = math.type, math.max

local function sealed(label)
  return function(_, key)
    error(label .. " cannot be changed (it was given " .. tostring(key) .. ")", 2)
  end
end

-- Sealed table → what is in it; table of names → how it is called. For completion.
local contents, labels = setmetatable({}, { __mode = "k" }), setmetatable({}, { __mode = "k" })

-- A table that cannot be assigned to and shows nothing of how it is made.
local function seal(label, content)
  local sealed_table = {}
  contents[sealed_table] = content
  return setmetatable(sealed_table, {
    __index = content,
    __newindex = sealed(label),
    -- Not next and content themselves: with those it could be assigned to after all.
    __pairs = function(self) return function(_, key) return next(content, key) end, self, nil end,
    __tostring = function() return label end,
    __metatable = false,
  })
end

${scheduler}
-- app.integrations and app.mcp and everything below them: names are looked up when they are first used.
-- resolve(path) says what stands there.
local function namespace(label, path, resolve)
  local known = {}
  local function look_up(_, key)
    local value = known[key]
    if value ~= nil then return value end
    if type(key) ~= "string" then error(label .. " has names, not " .. tostring(key), 2) end
    local below = {}
    for index, step in ipairs(path) do below[index] = step end
    below[#below + 1] = key
    local found = resolve(below)
    if found.kind == "function" then
      local integration, account, name = found.integration, found.account, found["function"]
      value = function(args) return call(integration, account, name, args) end
      origins[value] = { integration = integration, account = account, name = name }
    else
      value = namespace(label .. "." .. key, below, resolve)
    end
    known[key] = value
    return value
  end
  local names_table = {}
  labels[names_table] = label
  return setmetatable(names_table, {
    __index = look_up,
    __newindex = sealed(label),
    __pairs = function(self)
      local names = resolve(path).names
      local position = 0
      return function()
        position = position + 1
        local name = names[position]
        if name ~= nil then return name, self[name] end
      end
    end,
    __tostring = function() return label end,
    __metatable = false,
  })
end

-- What a path of names leads to, for completion: the names in a table, or how a table of the host's is called with
-- what is left of the path behind it. Everything is looked at raw: it runs nothing of the program's and asks nothing.
local globals = _G
host.keep_look_up(function(path)
  local at = globals
  for index = 1, #path do
    if labels[at] then return { label = labels[at], rest = { unpack(path, index) } } end
    if type(at) ~= "table" then return {} end
    at = rawget(contents[at] or at, path[index])
  end
  if labels[at] then return { label = labels[at] } end
  local names = {}
  if type(at) == "table" then
    for key in next, contents[at] or at do
      if type(key) == "string" then names[#names + 1] = key end
    end
  end
  return { names = names }
end)

app = seal("app", {
  integrations = namespace("app.integrations", host.json.array(), function(path) return host.ask("resolve", path) end),
  mcp = namespace("app.mcp", host.json.array(), function(path)
    -- A server may have to be started first, so that a branch gives way to others.
    return ask("resolve_mcp", path)
  end),
})

docs = seal("docs", {
  list = function() return ask("docs.list") end,
  search = function(query, options) return ask("docs.search", query, options or {}) end,
  read = function(page, options) return ask("docs.read", page, options or {}) end,
})

results = seal("results", {
  read = function(handle, path) return ask("results.read", handle, path) end,
})

local mcp_functions = {}
for _, name in ipairs{ "servers", "tools", "schema", "resources", "read_resource", "prompts", "get_prompt" } do
  mcp_functions[name] = function(...) return ask("mcp", name, ...) end
end
mcp = seal("mcp", mcp_functions)

json = seal("json", host.json)
regex = seal("regex", host.regex)

os.clock = host.clock
string.format = host.format

-- Seeded from outside, because here the time in seconds is all there is to tell two runs apart.
local randomseed, random = math.randomseed, math.random
local first, second, chosen = host.seeds()
randomseed(first, second)
if chosen then
  function math.randomseed(...)
    if select("#", ...) == 0 then return randomseed(random(0), 0) end
    return randomseed(...)
  end
end

-- Text only: bytecode can break the engine.
local load_chunk = load
function load(...)
  local chunk, name, mode = ...
  local kind = select("#", ...) == 0 and "no value" or type(chunk)
  if kind ~= "string" and kind ~= "function" and kind ~= "number" then
    error("bad argument #1 to 'load' (function expected, got " .. kind .. ")", 2)
  end
  for position, text in next, { [2] = name, [3] = mode } do
    if type(text) ~= "string" and type(text) ~= "number" then
      error("bad argument #" .. position .. " to 'load' (string expected, got " .. type(text) .. ")", 2)
    end
  end
  -- A mode that takes no text takes nothing.
  local taken = (mode == nil or find(mode, "t", 1, true)) and "t" or ""
  if select("#", ...) > 3 then return load_chunk(chunk, name, taken, (select(4, ...))) end
  return load_chunk(chunk, name, taken)
end

local collect = collectgarbage
function collectgarbage(what)
  if what ~= "count" then error('collectgarbage takes only "count" here', 2) end
  return collect("count")
end

getmetatable("").__metatable = false
`;
