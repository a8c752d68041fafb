import { type Effect, normalizeName } from '../manifest/index.ts';

/** What of an operation a policy looks at. */
export interface NamedOperation {
  readonly integration: string;
  readonly effect: Effect;
  readonly luaName: string;
  readonly slug: string;
  readonly aliases: readonly string[];
}

/**
 * Whether a pattern means an operation. It is a name or a part of one, with `*` for any run of characters; any of the
 * operation's names may fit. With an integration in front (`workos.list_*`), or an MCP server (`mcp.memory.create_*`),
 * it means that one's alone.
 */
export function applies(pattern: string, operation: NamedOperation): boolean {
  const { integration, name } = split(pattern);
  if (integration !== null && !fits(integration, normalizeName(operation.integration))) return false;
  const names = [operation.luaName, operation.slug, ...operation.aliases];
  return names.some((known) => fits(name, normalizeName(known)));
}

/**
 * How exactly a pattern says what it means. A whole name outweighs every pattern; of two patterns, the one with more
 * characters that are no `*`; of two with as many, the one that names its integration.
 */
export function weightOf(pattern: string): number {
  const { integration, name } = split(pattern);
  const exact = name.includes('*') ? 0 : 1_000_000;
  return exact + 2 * name.replaceAll('*', '').length + (integration === null || integration === '*' ? 0 : 1);
}

/** A pattern as it is kept: `-` and `_` are the same, as in every name. */
export function normalizePattern(pattern: string): string {
  return pattern.split('.').map(normalizeName).join('.');
}

function split(pattern: string): { integration: string | null; name: string } {
  // A server's tools stand in the catalog under `mcp.SERVER`; `mcp.*` means those of every server.
  const [, server, tool] = /^(mcp\.[^.]+)(?:\.(.+))?$/s.exec(pattern) ?? [];
  if (server !== undefined) return { integration: normalizeName(server), name: normalizeName(tool ?? '*') };
  const dot = pattern.indexOf('.');
  if (dot === -1) return { integration: null, name: normalizeName(pattern) };
  return { integration: normalizeName(pattern.slice(0, dot)), name: normalizeName(pattern.slice(dot + 1)) };
}

function fits(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name;
  const source = pattern.split('*').map((part) => part.replaceAll(/[^\w]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(name);
}
