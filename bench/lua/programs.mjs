/**
 * Work that stays inside Lua. Each program defines `work()`; every engine runs the same text.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const programs = {
  'fib(27)': `
    local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end
    function work() return fib(27) end`,
  concatenation: `
    function work()
      local parts = {}
      for i = 1, 200000 do parts[#parts + 1] = "item " .. i end
      return #table.concat(parts, ",")
    end`,
  sort: `
    function work()
      local x, list = 42, {}
      for i = 1, 100000 do x = (x * 1103515245 + 12345) % 2147483648 list[i] = x end
      table.sort(list)
      return list[1]
    end`,
  'sort with a comparator': `
    function work()
      local x, list = 42, {}
      for i = 1, 50000 do x = (x * 1103515245 + 12345) % 2147483648 list[i] = x end
      table.sort(list, function(a, b) return a > b end)
      return list[1]
    end`,
  gsub: `
    local text = ("the quick brown fox jumps over the lazy dog "):rep(40000)
    function work() return #(text:gsub("%w+", function(word) return word:upper() end)) end`,
  'fields and methods': `
    local Account = {} Account.__index = Account
    function Account:add(n) self.total = self.total + n end
    function work()
      local account = setmetatable({ total = 0 }, Account)
      for i = 1, 1000000 do account:add(i) end
      return account.total
    end`,
  'pcall of an error': `
    function work()
      local failed = 0
      for i = 1, 5000 do if not pcall(error, "no") then failed = failed + 1 end end
      return failed
    end`,
  'coroutine switches': `
    function work()
      local sum = 0
      local next_value = coroutine.wrap(function() for i = 1, 20000 do coroutine.yield(i) end return 0 end)
      for i = 1, 20000 do sum = sum + next_value() end
      return sum
    end`,
};

/** What a program ends with: runs its work a few times and gives the milliseconds of each. */
export const measured = `
  local times = {}
  for round = 1, 5 do
    local started = os.clock()
    work()
    times[round] = (os.clock() - started) * 1000
  end`;
