import type { Guide } from './guide.ts';

const text = `# What a program can do

A program is plain Lua 5.4 in a sandbox: it reaches the integrations and MCP servers it is given, and nothing else of the machine. What it prints and returns goes back to whoever ran it.

## Calling an integration

\`docs.list()\` names the integrations and servers; \`docs.search("what you want to do")\` finds functions.

\`\`\`lua
app.integrations.NAME.FUNCTION{ limit = 25 }             -- the default account
app.integrations.NAME.ACCOUNT.FUNCTION{ limit = 25 }     -- another account; "localhost" is the local server
for name in pairs(app.integrations.NAME) do print(name) end
\`\`\`

- One table of named arguments. Parameters are snake_case; a body goes under \`body\`, or its properties beside the parameters.
- Every function has a short name, a full name and often an alias by its path; all work, with \`-\` and \`_\` the same.
- Arguments are checked before anything is sent; the error names every problem.
- JSON null arrives as nil, and \`json.null\` sends one. Lists stay lists, also empty ones; integers stay integers.
- A call blocks until it is answered, wherever it stands: in a comparator, a callback, a coroutine.

## Errors

A failed call raises a table: \`status\`, \`code\`, \`message\`, \`errors\`, \`request_id\`, \`operation\`, \`kind\`, \`hint\`.

\`\`\`lua
local ok, err = pcall(app.integrations.NAME.FUNCTION, { id = "nobody" })
if not ok and err.status == 404 then print("not found: " .. tostring(err)) end
\`\`\`

\`docs.read("errors")\` lists the kinds.

## Everything else there is

- \`print(…)\`, \`dump(v)\`: tables are shown readably; \`dump\` gives its value back, and the last value dumped is the run's result unless the program returns one.
- \`parallel{ f, g }\`, \`parallel.map(list, fn)\` and \`paginate(fn, args)\`: calls side by side, and every row of a list. \`docs.read("parallel")\` says more.
- \`json.encode(v)\`, \`json.encode(v, { pretty = true })\`, \`json.decode(s)\`, \`json.null\`, \`json.array(t)\`, \`json.object(t)\`.
- \`regex.match(s, pattern)\`, \`regex.match_all(s, pattern)\`, \`regex.gsub(s, pattern, replacement)\`: the patterns of PCRE.
- \`docs.list()\`, \`docs.search("words")\`, \`docs.read("NAME.FUNCTION")\`, \`docs.read(page, { tokens = 600 })\` for a short form, \`docs.read(page, { section = "Errors" })\` for one part.
- \`results.read(handle, path)\`: a part of a value that was too long to be shown whole.
- \`app.mcp.SERVER.TOOL{ … }\` calls a tool of an MCP server; \`mcp.servers()\`, \`mcp.tools(server)\`, \`mcp.schema(server, tool)\`, \`mcp.resources(server)\`, \`mcp.read_resource(server, uri)\`, \`mcp.prompts(server)\`, \`mcp.get_prompt(server, name, args)\`.
- Lua's \`string\`, \`table\`, \`math\`, \`utf8\`, \`coroutine\`, \`load\` for text, and \`os.time\`, \`os.date\`, \`os.clock\`, \`os.difftime\`. Not: files, processes, \`require\`, \`debug\`.

## Limits and policy

A run ends when it uses too much time, memory, output or calls: \`docs.read("limits")\`. On a remote account reading is allowed; what writes or destroys needs a person's approval: \`docs.read("accounts")\`.
`;

export const overview: Guide = {
  name: 'overview',
  title: 'What a program can do',
  summary: 'The Lua surface on one page: calls, errors, values, everything there is.',
  keywords: 'lua sandbox globals json regex print dump help begin start guide what can program do',
  markdown: () => text,
};
