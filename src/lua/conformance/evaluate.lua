local function show(...)
  local out = {}
  for index = 1, select("#", ...) do
    local value = (select(index, ...))
    local kind = type(value)
    if kind == "string" then out[index] = (string.format("%q", value):gsub("\\\n", "\\n"))
    elseif kind == "table" or kind == "function" or kind == "thread" then out[index] = "<" .. kind .. ">"
    else out[index] = tostring(value) end
  end
  return table.concat(out, " ")
end
function run(source)
  local chunk, fault = load("return " .. source, "=x")
  if not chunk then chunk, fault = load(source, "=x") end
  if not chunk then return "syntax: " .. fault end
  local function report(ok, ...)
    if ok then return show(...) end
    return "error: " .. (type((...)) == "string" and (...) or show(...))
  end
  return report(pcall(chunk))
end
