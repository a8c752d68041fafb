import type { Failure } from '../../support/errors.ts';
import type { ServerFacts } from './connection.ts';
import type { McpServers } from './servers.ts';

/** What a server is, found out by reaching it. */
export interface ServerStatus {
  readonly name: string;
  /** `reached` or `unreachable` where it may run; else why it may not. */
  readonly state: 'reached' | 'unreachable' | 'disabled' | 'untrusted' | 'changed';
  readonly transport: 'stdio' | 'http';
  readonly file: string;
  /** As it calls itself. */
  readonly server: { readonly name: string; readonly version: string } | null;
  /** The protocol's revision that is spoken with it. */
  readonly protocol: string | null;
  readonly capabilities: readonly string[];
  /** How many it has. */
  readonly tools: number | null;
  /** Milliseconds until its tools were known. */
  readonly duration_ms: number | null;
  readonly error: Failure | null;
}

/** Reaches a configured server, when it may run, and asks for its tools. */
export async function reachServer(servers: McpServers, name: string): Promise<ServerStatus> {
  const config = servers.find(name);
  if ('code' in config) throw new Error(`There is no server ${name}.`);
  const { launch, file } = config;
  const known = { name, transport: launch.kind, file };
  const nothing = { server: null, protocol: null, capabilities: [], tools: null, duration_ms: null };
  const standing = servers.trust.standing(config);
  if (standing !== 'trusted') return { ...known, ...nothing, state: standing, error: null };
  const started = performance.now();
  const reached = await factsOf(servers, name);
  if ('code' in reached) return { ...known, ...nothing, state: 'unreachable', error: reached };
  const integration = await servers.integration(name);
  const duration_ms = Math.round(performance.now() - started);
  const { name: title, version, protocol, capabilities } = reached;
  const tools = 'code' in integration ? null : integration.reader.index.operations.length;
  return {
    ...known,
    state: 'reached',
    server: { name: title, version },
    protocol,
    capabilities,
    tools,
    duration_ms,
    error: 'code' in integration ? integration : null,
  };
}

async function factsOf(servers: McpServers, name: string): Promise<ServerFacts | Failure> {
  const connection = await servers.connection(name);
  return 'code' in connection ? connection : connection.facts();
}
