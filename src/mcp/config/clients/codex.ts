import { join } from 'node:path';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../support/json.ts';
import type { Launch } from '../server-config.ts';
import { readVariable } from '../variables.ts';
import type { McpClient } from './client.ts';
import { isEmpty, usualEntry } from './entry.ts';
import { noStyle, restyled } from './variable-styles.ts';

/** Codex: TOML, and variables have keys of their own (`env_vars`, `env_http_headers`, `bearer_token_env_var`). */
export const codex: McpClient = {
  name: 'codex',
  title: 'Codex',
  format: 'toml',
  userFile: ({ homeFolder, environment }) =>
    join(environment['CODEX_HOME'] || join(homeFolder, '.codex'), 'config.toml'),
  projectFile: '.codex/config.toml',
  tables: () => [['mcp_servers']],
  read,
  write,
  afterwards: 'Start Codex anew.',
};

function read(entry: JsonObject): JsonObject {
  const { env_vars, http_headers, env_http_headers, bearer_token_env_var, ...rest } = entry;
  const forwarded = Array.isArray(env_vars) ? env_vars.flatMap(nameOf) : [];
  const env = {
    ...tableOf(rest['env']),
    ...Object.fromEntries(forwarded.map((name) => [name, reference(name)])),
  };
  const headers: JsonObject = { ...tableOf(http_headers) };
  for (const [header, name] of Object.entries(tableOf(env_http_headers)))
    if (typeof name === 'string') headers[header] = reference(name);
  if (typeof bearer_token_env_var === 'string')
    headers['Authorization'] = `Bearer ${reference(bearer_token_env_var)}`;
  return rest['url'] === undefined ? { ...rest, env } : { ...rest, headers };
}

function write(launch: Launch): JsonObject | string {
  if (launch.kind === 'http') return writeUrl(launch);
  const { kept, forwarded } = ownVariables(launch.env);
  const plain = restyled(codex.title, { ...launch, env: kept }, noStyle);
  if (typeof plain === 'string') return plain;
  return { ...usualEntry(plain), ...(forwarded.length === 0 ? {} : { env_vars: forwarded }) };
}

function writeUrl({ url, headers, transport }: Extract<Launch, { kind: 'http' }>): JsonObject | string {
  if (transport === 'sse') return 'Codex does not speak the older HTTP with server-sent events';
  const fixed: Record<string, string> = {};
  const named: Record<string, string> = {};
  let bearer: string | null = null;
  for (const [header, value] of Object.entries(headers)) {
    const token = /^authorization$/i.test(header) ? wholeVariable(value.replace(/^Bearer /i, '')) : null;
    const whole = wholeVariable(value);
    if (token !== null && value !== whole) bearer = token;
    else if (whole !== null) named[header] = whole;
    else fixed[header] = value;
  }
  const plain = restyled(codex.title, { kind: 'http', url, headers: fixed, transport }, noStyle);
  if (typeof plain === 'string') return plain;
  return {
    url,
    ...(bearer === null ? {} : { bearer_token_env_var: bearer }),
    ...(isEmpty(fixed) ? {} : { http_headers: fixed }),
    ...(isEmpty(named) ? {} : { env_http_headers: named }),
  };
}

/** Variables that a server is handed under their own name, apart from the others. */
function ownVariables(env: Readonly<Record<string, string>>): {
  kept: Record<string, string>;
  forwarded: string[];
} {
  const forwarded = Object.keys(env).filter((name) => wholeVariable(env[name] ?? '') === name);
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !forwarded.includes(name)));
  return { kept, forwarded };
}

/** The environment variable that a text is, and nothing else. */
function wholeVariable(text: string): string | null {
  const inside = /^\$\{([^}]*)\}$/.exec(text)?.[1];
  if (inside === undefined) return null;
  const { source, name, otherwise } = readVariable(inside);
  return source === 'environment' && otherwise === null ? name : null;
}

function reference(name: string): string {
  return `\${${name}}`;
}

/** `env_vars` are names, or objects that have one. */
function nameOf(value: JsonValue): string[] {
  const name = isJsonObject(value) ? value['name'] : value;
  return typeof name === 'string' ? [name] : [];
}

function tableOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
