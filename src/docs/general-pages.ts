import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Integration } from '../catalog/index.ts';
import { errorCatalogue } from '../support/errors.ts';

/** A page that belongs to no integration. */
export interface GeneralPage {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly markdown: (integrations: readonly Integration[]) => string;
}

const overview = `# What a program can do

A program is plain Lua 5.4 in a sandbox: it reaches the integrations and MCP servers it is given, and nothing else of the machine. What it prints and returns goes back to whoever ran it.

## Calling an integration

\`docs.list()\` names the integrations; their functions stand on their pages.

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
- \`json.encode(v)\`, \`json.encode(v, { pretty = true })\`, \`json.decode(s)\`, \`json.null\`, \`json.array(t)\`, \`json.object(t)\`.
- \`docs.list()\`, \`docs.search("invite a user")\`, \`docs.read("NAME")\`, \`docs.read("NAME.FUNCTION")\`.
- \`app.mcp.SERVER.TOOL{ … }\` calls a tool of an MCP server; \`mcp.servers()\`, \`mcp.tools(server)\`, \`mcp.schema(server, tool)\`, \`mcp.resources(server)\`, \`mcp.prompts(server)\`.
- Lua's \`string\`, \`table\`, \`math\`, \`utf8\`, \`coroutine\`, \`load\` for text, and \`os.time\`, \`os.date\`, \`os.clock\`, \`os.difftime\`. Not: files, processes, \`require\`, \`debug\`.

## Limits of a run

30 s of CPU time, 10 min in all, 32 MB of memory, 1 MB of output (a larger result is cut, and kept whole in a file), 1,000 calls of which 100 may write. A program that catches the error of a limit has hit it all the same.

## Policy

On a remote account reading is allowed; what writes or destroys needs a person's approval on a terminal, or \`--force\`. On the local server everything is allowed.
`;

/** The examples that the integrations bring. */
function examplesPage(integrations: readonly Integration[]): string {
  const parts = integrations.flatMap((integration) => {
    if (integration.folder === null) return [];
    const file = join(integration.folder, 'examples.md');
    return existsSync(file) ? [readFileSync(file, 'utf8').trim()] : [];
  });
  return `# Examples\n\n${parts.length === 0 ? 'No integration brings any.' : parts.join('\n\n')}\n`;
}

function errorsPage(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { meaning, remedy, exit }]) => `| \`${code}\` | ${meaning} | ${remedy} | ${exit} |`,
  );
  return `# Errors

The \`code\` of a run's error, and the \`kind\` of an error table that a program catches. For \`api_error\` the table's own \`code\` is the API's.

| Code | Meaning | What to do | Exit code |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

export const generalPages: readonly GeneralPage[] = [
  {
    name: 'overview',
    title: 'What a program can do',
    summary: 'The Lua surface on one page: calls, errors, values, limits, policy.',
    markdown: () => overview,
  },
  {
    name: 'errors',
    title: 'Errors',
    summary: 'Every error code, what it means and what to do.',
    markdown: errorsPage,
  },
  {
    name: 'examples',
    title: 'Examples',
    summary: 'Short programs for common work: paging, joining, making what is missing.',
    markdown: examplesPage,
  },
];
