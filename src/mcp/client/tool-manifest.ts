import type { Tool } from '@modelcontextprotocol/client';
import { type Effect, type Manifest, manifestFormat, type Operation } from '../../manifest/index.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../support/json.ts';
import { integrationOf } from './server-name.ts';

/**
 * The tools of a server as operations like those of any API: so that arguments are checked, the policy asked, calls
 * counted and recorded, and pages written by what does so for all of them.
 */
export function manifestOf(
  server: string,
  title: string,
  description: string,
  tools: readonly Tool[],
): Manifest {
  const operations = withUniqueNames(tools.map((tool) => operationOf(server, tool)));
  return {
    format: manifestFormat,
    integration: integrationOf(server),
    title,
    description,
    source: { location: `mcp:${server}`, version: '', sha256: '', overlays: [] },
    baseUrl: `mcp://${encodeURIComponent(server)}`,
    auth: null,
    tags: [],
    fields: [],
    operations,
    schemas: {},
  };
}

function operationOf(server: string, tool: Tool): Operation {
  const schema = toJson(tool.inputSchema);
  const output = tool.outputSchema === undefined ? null : toJson(tool.outputSchema);
  const summary = firstSentence(tool.description ?? tool.title ?? tool.name);
  const name = luaSafe(tool.name);
  return {
    slug: tool.name,
    luaName: name,
    aliases: [],
    effect: effectOf(tool),
    method: 'TOOL',
    path: `/${encodeURIComponent(tool.name)}`,
    summary,
    tag: '',
    operationId: tool.name,
    className: `${pascal(server)}${pascal(tool.name)}`,
    description: tool.description ?? '',
    parameters: [],
    body: {
      required: true,
      isArgumentTable: true,
      contentType: 'application/json',
      encoding: 'json',
      schema,
      properties: isJsonObject(schema['properties']) ? Object.keys(schema['properties']) : [],
      accountDefaults: {},
    },
    responses: [{ status: '200', description: '', contentType: 'application/json', schema: output }],
    auth: null,
    pagination: null,
    exclusiveGroups: [],
    baseUrl: null,
    deprecated: false,
  };
}

/** A tool changes something unless its server says that it only reads. */
function effectOf({ annotations }: Tool): Effect {
  if (annotations?.readOnlyHint === true) return 'read';
  return annotations?.destructiveHint === true ? 'destructive' : 'write';
}

/** A name that can stand after a dot in Lua; the tool's own name always works in brackets. */
function luaSafe(name: string): string {
  const safe = name.replace(/[^A-Za-z0-9_]+/g, '_');
  return /^[0-9]/.test(safe) ? `_${safe}` : safe;
}

/** Tools whose names differ only in what Lua cannot write are told apart by a number. */
function withUniqueNames(operations: readonly Operation[]): Operation[] {
  const own = new Set(operations.map(({ slug }) => slug));
  const taken = new Map<string, number>();
  return operations.map((operation) => {
    const { luaName, slug } = operation;
    // A tool that is really called so keeps its name.
    if (luaName === slug) return operation;
    const count = (taken.get(luaName) ?? (own.has(luaName) ? 1 : 0)) + 1;
    taken.set(luaName, count);
    return count === 1 ? operation : { ...operation, luaName: `${luaName}_${count}` };
  });
}

function firstSentence(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  const sentence = /^.*?[.!?](?=\s|$)/.exec(line)?.[0] ?? line;
  const plain = sentence.replace(/[.]$/, '');
  return plain.length > 160 ? `${plain.slice(0, 157)}…` : plain;
}

function pascal(name: string): string {
  return name
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

/** Schemas come as the SDK has parsed them: plain data. */
function toJson(schema: unknown): JsonObject {
  const value = JSON.parse(JSON.stringify(schema ?? {})) as JsonValue;
  return isJsonObject(value) ? value : {};
}
