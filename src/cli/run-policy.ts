import { forbidsForce, type OpenAccounts } from '../accounts/index.ts';
import { type Catalog, didYouMean, nearestNames } from '../catalog/index.ts';
import { integrationOf, type McpServers } from '../mcp/index.ts';
import { applies, normalizePattern } from '../policy/index.ts';
import { KosmoError } from '../support/errors.ts';

/** The flags by which a run says what may be called. */
export interface PolicyOptions {
  readonly force?: true;
  readonly readOnly?: true;
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  readonly maxCalls?: number;
  readonly maxWrites?: number;
}

/** The settings of a run that these flags make. */
export function runPolicyOf({ force, readOnly, allow, deny, maxCalls, maxWrites }: PolicyOptions) {
  return {
    force: force === true,
    readOnly: readOnly === true,
    ...(allow === undefined ? {} : { allow: allow.map(normalizePattern) }),
    ...(deny === undefined ? {} : { deny: deny.map(normalizePattern) }),
    callLimits: {
      ...(maxCalls === undefined ? {} : { calls: maxCalls }),
      ...(maxWrites === undefined ? {} : { writes: maxWrites }),
    },
  };
}

/**
 * Refuses flags that cannot be meant: one that skips approvals where that is forbidden, and a pattern that no function
 * fits, because somebody may rely on it.
 * @throws KosmoError `force_forbidden`, `usage`
 */
export function checkRunPolicy(
  options: PolicyOptions,
  {
    catalog,
    state,
    mcp,
  }: { readonly catalog: Catalog; readonly state: OpenAccounts; readonly mcp: McpServers },
): void {
  const skips = options.force === true ? '--force' : options.allow === undefined ? null : '--allow';
  if (skips !== null) {
    const byVariable = forbidsForce(process.env);
    if (byVariable || !state.settings.readable.force) {
      const where = byVariable ? 'KOSMO_NO_FORCE' : `"force": false in ${state.settings.path}`;
      throw new KosmoError('force_forbidden', `${skips} is turned off here by ${where}.`, {
        details: { flag: skips },
      });
    }
  }
  for (const pattern of [...(options.allow ?? []), ...(options.deny ?? [])])
    checkPattern(catalog, mcp, pattern);
}

function checkPattern(catalog: Catalog, mcp: McpServers, pattern: string): void {
  const normalized = normalizePattern(pattern);
  const near: string[] = [];
  const servers = [...mcp.configured.servers.keys()];
  const [, server] = /^mcp\.([^.]+)/.exec(normalized) ?? [];
  if (server !== undefined) {
    // Which tools it has is known only when it runs.
    if (server.includes('*') || servers.some((name) => normalizePattern(name) === server)) return;
    throw new KosmoError(
      'usage',
      `No MCP server fits ${pattern}.${didYouMean(nearestNames(server, servers))}`,
      { hint: 'kosmo mcp:list shows the servers.' },
    );
  }
  // The tools of a server that was asked already are known.
  for (const name of [...catalog.names(), ...servers.map(integrationOf)]) {
    const integration = catalog.get(name);
    if (integration === undefined) continue;
    const { operations } = integration.reader.index;
    if (operations.some((entry) => applies(normalized, { integration: integration.name, ...entry }))) return;
    if (!normalized.includes('*'))
      near.push(...integration.nearest(normalized.slice(normalized.indexOf('.') + 1)));
  }
  throw new KosmoError('usage', `No function fits ${pattern}.${didYouMean(near.slice(0, 3))}`, {
    hint: 'A pattern is a name, or a part of one with * for the rest: list_*, workos.delete_organization.',
  });
}
