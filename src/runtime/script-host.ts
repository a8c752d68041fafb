import { type AccountSource, defaultAccountName } from '../accounts/index.ts';
import type { CallPipeline } from '../call/index.ts';
import { unknownFunction } from '../call/index.ts';
import { type Catalog, didYouMean, type Integration, nearestNames } from '../catalog/index.ts';
import type { Docs, ReadOptions, SearchResult, Unsearched } from '../docs/index.ts';
import type { Resolved, ScriptHost } from '../lua/index.ts';
import { type McpServers, unknownTool } from '../mcp/index.ts';
import type { Results } from '../results/index.ts';
import { type Failure, failure } from '../support/errors.ts';
import type { JsonObject, JsonValue } from '../support/json.ts';

/** What a script's host is made of. */
export interface ScriptHostParts {
  readonly catalog: Catalog;
  readonly accounts: AccountSource;
  readonly pipeline: CallPipeline;
  readonly mcp: McpServers;
  readonly results: Results;
  docs(): Promise<Docs>;
  /** Whether the script sees `app.integrations`. */
  readonly integrations: boolean;
}

/** What one run's script reaches: the names of the catalog, its pipeline, the docs and the MCP servers. */
export function createScriptHost(parts: ScriptHostParts): ScriptHost {
  const { pipeline, mcp } = parts;
  return {
    resolve: (path) => (parts.integrations ? resolve(parts, path) : noIntegrations()),
    call: (request, signal, unwanted) => pipeline.call(request, signal, unwanted),
    docs: {
      list: async () => toJson((await parts.docs()).list()),
      search: async (query, options) => {
        const { results, unsearched } = await (await parts.docs()).search(query, searchOptions(options));
        return toJson([...results, ...unsearched.map(unsearchedPage)]);
      },
      read: async (page, options) => {
        const read = await (await parts.docs()).read(page, readOptions(options));
        return 'code' in read ? read : read.markdown;
      },
    },
    results: { read: (handle, path) => parts.results.read(handle, path) },
    mcp: { resolve: (path) => resolveTool(mcp, path), ask: (name, args) => mcp.ask(name, args) },
  };
}

/** A server that was left out stands at the end of what was found: whoever reads the list is to know. */
function unsearchedPage({ server, reason }: Unsearched): SearchResult {
  return { name: `mcp.${server}`, title: server, summary: `Not searched: ${reason}`, score: 0 };
}

function noIntegrations(): Failure {
  return failure('unknown_integration', 'mcp:lua has no integrations.', {
    hint: 'Use kosmo integrations:lua for them.',
  });
}

function resolve(parts: ScriptHostParts, path: readonly string[]): Resolved | Failure {
  const { catalog, accounts } = parts;
  const [name, second, third] = path;
  if (name === undefined) return { kind: 'namespace', names: catalog.names() };
  const integration = catalog.get(name);
  if (integration === undefined) {
    const suggestion = didYouMean(nearestNames(name, catalog.names()));
    return failure('unknown_integration', `Unknown integration app.integrations.${name}.${suggestion}`);
  }
  if (second === undefined) return { kind: 'namespace', names: integration.luaNames() };
  if (third !== undefined) return resolveFunction(integration, second, third, path);
  if (integration.find(second).length > 0) return resolveFunction(integration, null, second, path);
  const known = accounts.names(integration.name);
  if (second === defaultAccountName || known.includes(second)) {
    return { kind: 'namespace', names: integration.luaNames() };
  }
  return unknownFunction(`app.integrations.${path.join('.')}`, integration, second);
}

async function resolveTool(mcp: McpServers, path: readonly string[]): Promise<Resolved | Failure> {
  const [server, tool, ...more] = path;
  if (server === undefined) return { kind: 'namespace', names: mcp.names() };
  const integration = await mcp.integration(server);
  if ('code' in integration) return integration;
  if (tool === undefined) return { kind: 'namespace', names: integration.luaNames() };
  if (more.length > 0 || integration.find(tool).length === 0)
    return unknownTool(server, path.slice(1).join('.'), integration);
  return { kind: 'function', integration: integration.name, account: defaultAccountName, function: tool };
}

function resolveFunction(
  integration: Integration,
  account: string | null,
  name: string,
  path: readonly string[],
): Resolved | Failure {
  if (integration.find(name).length === 0)
    return unknownFunction(`app.integrations.${path.join('.')}`, integration, name);
  return { kind: 'function', integration: integration.name, account, function: name };
}

function searchOptions(options: JsonObject): { limit?: number } {
  const limit = options['limit'];
  return typeof limit === 'number' && limit > 0 ? { limit: Math.floor(limit) } : {};
}

function readOptions({ tokens, section }: JsonObject): ReadOptions {
  return {
    ...(typeof tokens === 'number' ? { tokens } : {}),
    ...(typeof section === 'string' ? { section } : {}),
  };
}

/** Pages and search results are plain data; this drops what is undefined. */
function toJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}
