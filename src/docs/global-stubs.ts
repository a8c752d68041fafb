import type { Integration } from '../catalog/index.ts';
import { stubClassOf } from './lua-stubs.ts';

const globals = `---@meta

-- The globals of a kosmo program, made by kosmo docs:stubs. It is read by lua-language-server and never run.

---What a failed call raises; \`pcall\` catches it, and \`tostring\` of it reads well.
---@class kosmo.Error
---@field kind string kosmo's own code: "api_error", "invalid_arguments", …
---@field message string
---@field status? integer the HTTP status of the answer
---@field code? string the API's own code
---@field errors? table[] what is wrong with each argument
---@field request_id? string
---@field operation? string
---@field hint? string what to do next
---@field branch? integer in parallel: which branch failed

---@class json.null: userdata

---@class kosmo.json
---@field null json.null a JSON null that is sent
json = {}

---@param value any
---@param options? { pretty?: boolean }
---@return string
function json.encode(value, options) end

---@param text string
---@return any
function json.decode(text) end

---Marks a table as a list, also when it is empty.
---@generic T: table
---@param list T
---@return T
function json.array(list) end

---Marks a table as an object, also when it is empty.
---@generic T: table
---@param object T
---@return T
function json.object(object) end

---Patterns of PCRE; one may stand between delimiters with flags behind: "/a+/i".
---@class kosmo.regex
regex = {}

---@param text string
---@param pattern string
---@return table<integer|string, string>? groups the whole match is [1]; named groups by their names
function regex.match(text, pattern) end

---@param text string
---@param pattern string
---@return table[] groups all first groups, then all second ones
function regex.match_all(text, pattern) end

---@param text string
---@param pattern string
---@param replacement string|fun(...: string): any
---@return string text
---@return integer count
function regex.gsub(text, pattern, replacement) end

---Prints a value over several lines where that reads better, and gives it back.
---@generic T
---@param value T
---@return T
function dump(value) end

---@class kosmo.parallel
---@overload fun(branches: table): any[]
parallel = {}

---Calls a function with each item, several at a time; results keep their order.
---@generic T, R
---@param list T[]
---@param fn fun(item: T, index: integer): R
---@param options? { limit?: integer, settle?: boolean }
---@return R[]
function parallel.map(list, fn, options) end

---Goes through every row of a list, page after page.
---@generic A
---@param fn fun(args: A): table
---@param args? A
---@return fun(): any, integer
function paginate(fn, args) end

---@class kosmo.DocsPage
---@field name string
---@field title string
---@field summary string
---@field effect? "read"|"write"|"destructive"
---@field signature? string
---@field required? string[]
---@field score? number

---@class kosmo.docs
docs = {}

---@return kosmo.DocsPage[]
function docs.list() end

---@param words string what you want to do
---@param options? { limit?: integer }
---@return kosmo.DocsPage[]
function docs.search(words, options) end

---@param page string such as "overview", "workos.list_users", "mcp.github"
---@param options? { tokens?: integer, section?: string }
---@return string markdown
function docs.read(page, options) end

---Values that were too long to show, kept under a handle.
---@class kosmo.results
results = {}

---@param handle string
---@param path? string such as "data[1].name"
---@return any
function results.read(handle, path) end

---@class kosmo.mcp
mcp = {}

---@return { name: string, transport: string, enabled: boolean, trusted: boolean, scope: string }[]
function mcp.servers() end

---@param server string
---@return { name: string, lua_name: string, effect: string, summary: string }[]
function mcp.tools(server) end

---@param server string
---@param tool string
---@return { name: string, lua_name: string, effect: string, description: string, parameters: table, response: table? }
function mcp.schema(server, tool) end

---@param server string
---@return table[]
function mcp.resources(server) end

---@param server string
---@param uri string
---@return any
function mcp.read_resource(server, uri) end

---@param server string
---@return table[]
function mcp.prompts(server) end

---@param server string
---@param name string
---@param args? table<string, string>
---@return table
function mcp.get_prompt(server, name, args) end
`;

/** Annotations of the globals; `app` has the integrations and the servers given. */
export function globalStubs(integrations: readonly Integration[], servers: readonly Integration[]): string {
  const field = (name: string, integration: Integration) =>
    `---@field ${/^[A-Za-z_]\w*$/.test(name) ? name : `[${JSON.stringify(name)}]`} ${stubClassOf(integration)}`;
  const lines = [
    '',
    '---@class kosmo.Integrations',
    ...integrations.map((integration) => field(integration.name, integration)),
    '',
    '---@class kosmo.Servers',
    ...servers.map((integration) => field(integration.name.slice('mcp.'.length), integration)),
    ...(servers.length === 0 ? ['---@field [string] table<string, fun(args: table): any>'] : []),
    '',
    '---@class kosmo.app',
    '---@field integrations kosmo.Integrations',
    '---@field mcp kosmo.Servers',
    'app = {}',
  ];
  return `${globals}${lines.join('\n')}\n`;
}
