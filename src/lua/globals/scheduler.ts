/**
 * `parallel` and `paginate`, and how a call waits. Part of the prelude: it sees the prelude's locals, and leaves
 * `ask` and `call` for the rest of it.
 *
 * A branch of `parallel` is a coroutine. A call inside one is submitted, and the coroutine gives way with the ids it
 * waits for; the scheduler waits for any id of any branch, and a scheduler that runs inside a branch gives way in turn
 * with all of its own. That is only possible where the branch itself is what runs and may be left: inside the
 * program's own coroutines, comparators and callbacks a call blocks, as it does outside of `parallel`.
 */
export const scheduler = `
local branches = setmetatable({}, { __mode = "k" })
local give_way = {}

local function in_branch()
  return branches[running()] and isyieldable()
end

local function wait_any(ids)
  if in_branch() then return yield(give_way, ids) end
  return host.wait(ids)
end

local function ask(...)
  if not in_branch() then return host.ask(...) end
  return host.take(wait_any({ host.submit(...) }))
end

local function call(integration, account, name, args)
  if not in_branch() then return host.call(integration, account, name, args) end
  return host.take(wait_any({ host.submit_call(integration, account, name, args) }))
end

-- A limit of branches at a time, and whether errors are results.
local function options_of(what, options, otherwise)
  if options == nil then options = {} end
  if type(options) ~= "table" then error(what .. ": its options are a table, as in { limit = 8 }", 3) end
  for name in next, options do
    if type(name) == "string" and name ~= "limit" and name ~= "settle" then
      error(what .. " has no option " .. name .. "; it takes limit and settle", 3)
    end
  end
  local limit = rawget(options, "limit")
  if limit == nil then limit = otherwise end
  if math_type(limit) ~= "integer" or limit < 1 then
    error(what .. ": limit is a whole number from 1, not " .. tostring(limit), 3)
  end
  return limit, rawget(options, "settle") and true or false
end

-- A list may have a length of its own making.
local function length_of(what, list)
  local length = #list
  if math_type(length) ~= "integer" then error(what .. ": the list has no length", 3) end
  return length
end

-- Runs branches 1 to count, a limited number at a time; body(n) is what branch n does.
local function run_branches(count, body, limit, settle)
  local results = host.results(count)
  local unfinished = {}
  local waiting = {}
  local started, active = 0, 0
  local failed, failure, cancelled

  -- Whatever ends this early, the branches' own to-be-closed variables are closed.
  local _ <close> = setmetatable({}, { __close = function()
    for co in next, unfinished do close(co) end
  end })

  local function resume_branch(branch, ...)
    local co = branch.co
    local ok, value, ids = resume(co, ...)
    if ok and status(co) == "suspended" then
      if value == give_way then
        branch.ids = ids
        for index = 1, #ids do waiting[ids[index]] = branch end
        return
      end
      ok, value = false, "a branch of parallel cannot yield: use a coroutine of its own"
    end
    unfinished[co] = nil
    active = active - 1
    if not ok then
      local closed, last = close(co)
      if not closed then value = last end
      host.in_branch(value, branch.index)
    end
    if settle then
      results[branch.index] = ok and { ok = true, value = value } or { ok = false, error = value }
    elseif ok then
      results[branch.index] = value
    elseif not failed then
      failed, failure = branch.index, value
    end
  end

  while true do
    while not failed and started < count and active < limit do
      started = started + 1
      active = active + 1
      local branch = { index = started, co = create(body) }
      branches[branch.co] = true
      unfinished[branch.co] = true
      resume_branch(branch, started)
    end
    local ids = {}
    for id in next, waiting do ids[#ids + 1] = id end
    if #ids == 0 then break end
    if failed and not cancelled then
      cancelled = true
      host.cancel(ids)
    end
    local id = wait_any(ids)
    local branch = waiting[id]
    if failed then
      -- What is under way is waited for, so that nothing goes on behind the program's back.
      waiting[id] = nil
      host.drop(id)
    else
      for index = 1, #branch.ids do waiting[branch.ids[index]] = nil end
      resume_branch(branch, id)
    end
  end

  if not failed then return results end
  if type(failure) == "string" then failure = failure .. " (in branch " .. failed .. " of parallel)" end
  error(failure, 0)
end

parallel = setmetatable({}, {
  __index = {
    map = function(list, fn, options)
      if type(list) ~= "table" then error("parallel.map: expected a list, got " .. type(list), 2) end
      if type(fn) ~= "function" then error("parallel.map: expected a function to call with each item, got " .. type(fn), 2) end
      local limit, settle = options_of("parallel.map", options, 8)
      return run_branches(length_of("parallel.map", list), function(index) return (fn(list[index], index)) end, limit, settle)
    end,
  },
  __call = function(_, functions, options)
    if type(functions) ~= "table" then
      error("parallel: expected a list of functions, as in parallel{ function() return f{} end, g }", 2)
    end
    local count = length_of("parallel", functions)
    for index = 1, count do
      local kind = type(functions[index])
      if kind ~= "function" then
        error("parallel: item " .. index .. " is a " .. kind .. ", not a function; write function() return f{ ... } end", 2)
      end
    end
    if options == nil then options = { limit = functions.limit, settle = functions.settle } end
    local limit, settle = options_of("parallel", options, math_max(count, 1))
    return run_branches(count, function(index) return (functions[index]()) end, limit, settle)
  end,
  __newindex = sealed("parallel"),
  __pairs = function(self)
    return function(_, key) if key == nil then return "map", self.map end end, self, nil
  end,
  __tostring = function() return "parallel" end,
  __metatable = false,
})

-- Function of app.integrations → the integration, account and name it stands for.
local origins = setmetatable({}, { __mode = "k" })

function paginate(fn, args)
  local origin = origins[fn]
  if origin == nil then
    error("paginate: expected a function of app.integrations, as in paginate(app.integrations.workos.list_users, { limit = 100 })", 2)
  end
  if args ~= nil and type(args) ~= "table" then error("paginate: expected a table of arguments, got " .. type(args), 2) end
  local items, position, count, index = {}, 0, 0, 0
  local following, pending = args or {}, nil

  local function submit()
    pending = host.submit_page(origin.integration, origin.account, origin.name, following)
  end

  -- The next page is asked for when half of a page is used up: by then it is likely to be wanted.
  local function iterate()
    while true do
      position = position + 1
      if position * 2 >= count and following and not pending then submit() end
      if position <= count then
        index = index + 1
        return items[position], index
      end
      if not pending then return nil end
      local id = wait_any({ pending })
      pending = nil
      local page = host.take(id)
      items, following, position, count = page.items, page.next, 0, #page.items
    end
  end

  return iterate, nil, nil, setmetatable({}, { __close = function()
    if pending then host.forget({ pending }) end
  end })
end
`;
