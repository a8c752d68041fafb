import { isJsonObject, type JsonObject, type JsonValue, stringifyJson } from '../support/json.ts';

const keywords = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);

/** How wide a table may be on one line. */
const lineWidth = 72;

/** A text as Lua source. */
type WriteText = (text: string) => string;

/** A table constructor: `{ name = "Acme" }`, over several lines when it is long. */
export function luaTable(object: JsonObject): string {
  return table(object, quote);
}

/** The same, where a text that begins with `=` is a Lua expression: `{ id = user.id }`. */
export function luaTableWithExpressions(object: JsonObject): string {
  return table(object, (text) => (text.startsWith('=') ? text.slice(1) : quote(text)));
}

/** Whether a text somewhere in it is a Lua expression. */
export function hasExpressions(value: JsonValue): boolean {
  if (typeof value === 'string') return value.startsWith('=');
  if (Array.isArray(value)) return value.some(hasExpressions);
  return isJsonObject(value) && Object.values(value).some(hasExpressions);
}

/** A value as Lua source. Null is `json.null`; an empty list is `json.array{}`. */
function literal(value: JsonValue, text: WriteText): string {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value))
    return value.length === 0 ? 'json.array{}' : braces(value.map((item) => literal(item, text)));
  if (isJsonObject(value)) return table(value, text);
  return value === null ? 'json.null' : stringifyJson(value);
}

function table(object: JsonObject, text: WriteText): string {
  return braces(Object.entries(object).map(([key, value]) => `${luaKey(key)} = ${literal(value, text)}`));
}

function braces(entries: readonly string[]): string {
  if (entries.length === 0) return '{}';
  const line = `{ ${entries.join(', ')} }`;
  if (line.length <= lineWidth && !line.includes('\n')) return line;
  return `{\n${entries.map((entry) => `  ${entry.replaceAll('\n', '\n  ')},\n`).join('')}}`;
}

/** Where a function of an integration stands: `app.integrations.workos.list_users`, `app.mcp.github.search_issues`. */
export function luaPath(integration: string, name: string): string {
  const server = integration.startsWith('mcp.') ? integration.slice('mcp.'.length) : null;
  const table = server === null ? `app.integrations${luaIndex(integration)}` : `app.mcp${luaIndex(server)}`;
  return `${table}${luaIndex(name)}`;
}

function luaIndex(name: string): string {
  const key = luaKey(name);
  return key.startsWith('[') ? key : `.${key}`;
}

function luaKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !keywords.has(key) ? key : `[${quote(key)}]`;
}

/** A string as Lua writes it. JSON's escapes are not all Lua's: `\u0001` is `\u{1}` there. */
function quote(text: string): string {
  return JSON.stringify(text).replace(/\\u([0-9a-f]{4})/g, (_, digits: string) => `\\u{${digits}}`);
}

/** Text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
