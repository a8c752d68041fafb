import { createHash } from 'node:crypto';
import type { Tool } from '@modelcontextprotocol/server';
import { functionSchema } from '../../call/index.ts';
import type { Catalog, Integration } from '../../catalog/index.ts';
import type { Effect, IndexedOperation } from '../../manifest/index.ts';
import { applies } from '../../policy/index.ts';
import { serverOf } from '../client/server-name.ts';
import type { McpServers } from '../client/servers.ts';
import type { GatewayOptions } from './contract.ts';

/** An operation that is a tool of its own. */
export interface ClassicTool {
  readonly tool: Tool;
  readonly integration: string;
  readonly function: string;
}

/** Some clients take no longer names. */
const longestName = 64;

/**
 * Every operation as a tool of its own, as far as it may be called and fits the patterns. Servers are started for their
 * tools, all at once.
 * @returns the tools by name, and why a server has none here
 */
export async function classicTools(
  catalog: Catalog,
  servers: McpServers,
  { writes, tools: patterns }: Pick<GatewayOptions, 'writes' | 'tools'>,
): Promise<{ readonly tools: ReadonlyMap<string, ClassicTool>; readonly faults: readonly string[] }> {
  const integrations = catalog.names().flatMap((name) => catalog.get(name) ?? []);
  const ofServers = await Promise.all(servers.names().map((name) => servers.integration(name)));
  const faults: string[] = [];
  for (const found of ofServers) {
    if ('code' in found) faults.push(found.message);
    else integrations.push(found);
  }
  const tools = new Map<string, ClassicTool>();
  for (const integration of integrations) {
    for (const entry of integration.reader.index.operations) {
      const name = unusedName(toolName(integration, entry), tools);
      if (!isOffered(entry.effect, writes) || !isWanted(integration, entry, name, patterns)) continue;
      tools.set(name, {
        tool: toolOf(integration, entry, name),
        integration: integration.name,
        function: entry.slug,
      });
    }
  }
  return { tools, faults };
}

/** What could only ever be refused is not offered. */
function isOffered(effect: Effect, writes: GatewayOptions['writes']): boolean {
  return effect === 'read' || writes !== 'deny';
}

function isWanted(
  integration: Integration,
  entry: IndexedOperation,
  name: string,
  patterns: readonly string[] | null,
): boolean {
  if (patterns === null) return true;
  const named = { integration: integration.name, ...entry };
  return patterns.some(
    (pattern) =>
      applies(pattern, named) ||
      applies(pattern, { ...named, luaName: name, aliases: [`${integration.name}.${entry.luaName}`] }),
  );
}

function toolOf(integration: Integration, entry: IndexedOperation, name: string): Tool {
  const { effect, summary } = entry;
  const { body } = integration.reader.operation(entry);
  // The tools of a server take what they say themselves.
  const parameters =
    body?.isArgumentTable === true ? body.schema : functionSchema(integration, entry).parameters;
  return {
    name,
    description: summary,
    inputSchema: { ...parameters, type: 'object' },
    annotations: { readOnlyHint: effect === 'read', destructiveHint: effect === 'destructive' },
  };
}

/** `integration__workos__list_organizations`, `mcp__github__search_issues`; a name that two functions share is none. */
function toolName(integration: Integration, { luaName, slug }: IndexedOperation): string {
  const own = integration.find(luaName).length > 1 ? slug : luaName;
  const server = serverOf(integration.name);
  const prefix = server === null ? `integration__${integration.name}` : `mcp__${server}`;
  return shortened(`${prefix}__${own}`.replace(/[^A-Za-z0-9_-]/g, '_'));
}

function shortened(name: string): string {
  if (name.length <= longestName) return name;
  const mark = createHash('sha256').update(name).digest('hex').slice(0, 6);
  return `${name.slice(0, longestName - mark.length - 1)}_${mark}`;
}

/** Names that differ only in signs that a tool's name cannot have are told apart by a number. */
function unusedName(name: string, tools: ReadonlyMap<string, unknown>): string {
  if (!tools.has(name)) return name;
  for (let number = 2; ; number += 1) {
    const numbered = `${name.slice(0, longestName - 4)}_${number}`;
    if (!tools.has(numbered)) return numbered;
  }
}
