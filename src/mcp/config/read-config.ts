import { readFileSync } from 'node:fs';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { type Failure, failure, systemErrorCode } from '../../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../support/json.ts';
import type { Launch, OAuthClient, ServerConfig, ToolRule } from './server-config.ts';

/** What a file configures, and what is wrong in it. A faulty server does not take the others with it. */
export interface ConfigFile {
  readonly servers: readonly ServerConfig[];
  readonly faults: readonly Failure[];
}

/** Where the servers stand in a file, and how one is written there. */
export interface ConfigShape {
  /** Of these places, every one that is there is read. */
  readonly tables: readonly (readonly string[])[];
  /** An entry as `readLaunch` takes it. */
  readonly read: (entry: JsonObject) => JsonObject;
}

/** kosmo's own file: as most programs have theirs. */
export const ownShape: ConfigShape = { tables: [['mcpServers'], ['servers']], read: (entry) => entry };

/** Reads a JSON file of MCP servers; a file that is not there has none. */
export function readConfigFile(file: string, scope: ServerConfig['scope'], shape = ownShape): ConfigFile {
  const text = readConfigText(file);
  if (text === null) return { servers: [], faults: [] };
  return typeof text === 'string' ? parseConfig(text, file, scope, shape) : { servers: [], faults: [text] };
}

/** A file's text, null when there is none, or why it cannot be read. */
export function readConfigText(file: string): string | null | Failure {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    return fault(file, `it cannot be read (${code ?? 'unknown reason'})`);
  }
}

/** @param text JSON; comments and trailing commas are allowed, as editors allow them */
export function parseConfig(
  text: string,
  file: string,
  scope: ServerConfig['scope'],
  shape = ownShape,
): ConfigFile {
  const errors: ParseError[] = [];
  const document = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true }) as
    | JsonValue
    | undefined;
  const [error] = errors;
  if (error !== undefined)
    return { servers: [], faults: [fault(file, `${positionOf(text, error)} is no JSON`)] };
  return serversOf(document, file, scope, shape);
}

/** The servers of a document that has been read. */
export function serversOf(
  document: JsonValue | undefined,
  file: string,
  scope: ServerConfig['scope'],
  { tables, read }: ConfigShape,
): ConfigFile {
  if (document === undefined) return { servers: [], faults: [] };
  if (!isJsonObject(document)) return { servers: [], faults: [fault(file, 'it is no JSON object')] };
  const servers: ServerConfig[] = [];
  const faults: Failure[] = [];
  for (const path of tables) {
    const table = path.reduce<JsonValue | undefined>(
      (value, key) => (isJsonObject(value) ? value[key] : undefined),
      document,
    );
    if (table === undefined) continue;
    if (!isJsonObject(table)) {
      faults.push(fault(file, `${path.join('.')} is no object`));
      continue;
    }
    for (const [name, entry] of Object.entries(table)) {
      const launch = readLaunch(isJsonObject(entry) ? read(entry) : entry);
      if (typeof launch === 'string') faults.push(fault(file, `the server ${name}: ${launch}`));
      else servers.push({ name, launch, ...choicesOf(entry, scope), file, scope });
    }
  }
  return { servers, faults };
}

/** What an entry says beside how the server is reached. */
function choicesOf(
  entry: JsonValue,
  scope: ServerConfig['scope'],
): Pick<ServerConfig, 'enabled' | 'roots' | 'timeout' | 'rules'> {
  if (!isJsonObject(entry)) return { enabled: true, roots: false, timeout: null, rules: [] };
  const { disabled, enabled, roots, timeout, allow, deny } = entry;
  return {
    enabled: disabled !== true && enabled !== false,
    roots: roots === true,
    timeout: typeof timeout === 'number' && timeout > 0 ? timeout : null,
    rules: [
      // What a folder brings may forbid; what it may do is for the user to say.
      ...(scope === 'user' ? rulesOf(allow, 'allow') : []),
      ...rulesOf(deny, 'deny'),
    ],
  };
}

function rulesOf(patterns: JsonValue | undefined, verdict: ToolRule['verdict']): ToolRule[] {
  const list = Array.isArray(patterns) ? patterns : [];
  return list.filter((pattern) => typeof pattern === 'string').map((pattern) => ({ pattern, verdict }));
}

/** How a server is reached; a text that says what is wrong. */
function readLaunch(entry: JsonValue): Launch | string {
  if (!isJsonObject(entry)) return 'it is no object';
  const { command, type } = entry;
  const url = entry['url'] ?? entry['httpUrl'] ?? entry['serverUrl'];
  if (command === undefined && url === undefined) return 'it has neither a command nor a url';
  if (command !== undefined && url !== undefined) return 'it has a command and a url; one must go';
  if (url !== undefined) {
    if (typeof url !== 'string') return 'its url is no string';
    const headers = textTable(entry, 'headers');
    if (headers === null) return 'its headers are not an object of strings';
    const oauth = readOAuth(entry['oauth']);
    if (typeof oauth === 'string') return oauth;
    const launch = { kind: 'http', url, headers, transport: type === 'sse' ? 'sse' : 'auto' } as const;
    return oauth === null ? launch : { ...launch, oauth };
  }
  if (typeof command !== 'string' || command === '') return 'its command is no string';
  const args = entry['args'] ?? [];
  if (!Array.isArray(args) || !args.every((arg): arg is string => typeof arg === 'string'))
    return 'its args are not a list of strings';
  const env = textTable(entry, 'env');
  if (env === null) return 'its env is not an object of strings';
  const cwd = entry['cwd'] ?? null;
  if (cwd !== null && typeof cwd !== 'string') return 'its cwd is no string';
  return { kind: 'stdio', command, args, env, cwd };
}

const oauthTexts = ['clientId', 'clientSecret', 'privateKey', 'algorithm', 'issuer', 'scope'] as const;

/** How kosmo is let in: all of it is optional. A text that says what is wrong. */
function readOAuth(entry: JsonValue | undefined): OAuthClient | null | string {
  if (entry === undefined) return null;
  if (!isJsonObject(entry)) return 'its oauth is no object';
  const texts: Partial<Record<(typeof oauthTexts)[number], string>> = {};
  for (const key of oauthTexts) {
    const value = entry[key];
    if (value === undefined) continue;
    if (typeof value !== 'string') return `the ${key} of its oauth is no string`;
    texts[key] = value;
  }
  const { grant, callbackPort } = entry;
  if (callbackPort !== undefined && typeof callbackPort !== 'number')
    return 'the callbackPort of its oauth is no number';
  if (grant !== undefined && grant !== 'client_credentials' && grant !== 'authorization_code')
    return 'the grant of its oauth is neither client_credentials nor authorization_code';
  const { clientId, clientSecret, privateKey } = texts;
  const isClient = grant === 'client_credentials';
  if (isClient && (clientId === undefined || (clientSecret ?? privateKey) === undefined))
    return 'its oauth needs a clientId, and a clientSecret or a privateKey, for the grant client_credentials';
  if (privateKey !== undefined && !isClient)
    return 'the privateKey of its oauth is of no use without the grant client_credentials';
  return {
    ...texts,
    ...(isClient ? { grant } : {}),
    ...(typeof callbackPort === 'number' ? { port: callbackPort } : {}),
  };
}

/** A table of texts; numbers and booleans are taken as they are written. Null when it is anything else. */
function textTable(entry: JsonObject, key: string): Record<string, string> | null {
  const table = entry[key] ?? {};
  if (!isJsonObject(table)) return null;
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(table)) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null;
    texts[name] = String(value);
  }
  return texts;
}

function positionOf(text: string, { offset, error }: ParseError): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  return `line ${line}, column ${column} (${printParseErrorCode(error)})`;
}

/** A fault of a settings file. */
export function fault(file: string, what: string): Failure {
  return failure('settings_invalid', `${file}: ${what}.`, {
    hint: 'Mend the file; the servers of other files are not touched by this.',
    details: { file },
  });
}
