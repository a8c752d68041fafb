import { readFileSync } from 'node:fs';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { type Failure, failure, systemErrorCode } from '../../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../support/json.ts';
import type { Launch, ServerConfig } from './server-config.ts';

/** What a file configures, and what is wrong in it. A faulty server does not take the others with it. */
export interface ConfigFile {
  readonly servers: readonly ServerConfig[];
  readonly faults: readonly Failure[];
}

/** Reads a file of MCP servers, in the form of any of the usual clients; a file that is not there has none. */
export function readConfigFile(file: string, scope: ServerConfig['scope']): ConfigFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { servers: [], faults: [] };
    return { servers: [], faults: [fault(file, `it cannot be read (${code ?? 'unknown reason'})`)] };
  }
  return parseConfig(text, file, scope);
}

/** @param text JSON; comments and trailing commas are allowed, as editors allow them */
export function parseConfig(text: string, file: string, scope: ServerConfig['scope']): ConfigFile {
  const errors: ParseError[] = [];
  const document = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true }) as
    | JsonValue
    | undefined;
  const [error] = errors;
  if (error !== undefined)
    return { servers: [], faults: [fault(file, `${positionOf(text, error)} is no JSON`)] };
  if (document === undefined) return { servers: [], faults: [] };
  if (!isJsonObject(document)) return { servers: [], faults: [fault(file, 'it is no JSON object')] };
  const table = document['mcpServers'] ?? document['servers'];
  if (table === undefined) return { servers: [], faults: [] };
  if (!isJsonObject(table)) return { servers: [], faults: [fault(file, 'mcpServers is no object')] };
  const servers: ServerConfig[] = [];
  const faults: Failure[] = [];
  for (const [name, entry] of Object.entries(table)) {
    const launch = readLaunch(entry);
    if (typeof launch === 'string') faults.push(fault(file, `the server ${name}: ${launch}`));
    else {
      const enabled = !isJsonObject(entry) || (entry['disabled'] !== true && entry['enabled'] !== false);
      servers.push({ name, launch, enabled, file, scope });
    }
  }
  return { servers, faults };
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
    return { kind: 'http', url, headers, transport: type === 'sse' ? 'sse' : 'auto' };
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

function fault(file: string, what: string): Failure {
  return failure('settings_invalid', `${file}: ${what}.`, {
    hint: 'Mend the file; the servers of other files are not touched by this.',
    details: { file },
  });
}
