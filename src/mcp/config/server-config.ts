import { createHash } from 'node:crypto';

/** How a server is reached: a program that is started, or a URL. Values are as written, variables not expanded. */
export type Launch =
  | {
      readonly kind: 'stdio';
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      /** Null: the folder the command runs in. */
      readonly cwd: string | null;
    }
  | {
      readonly kind: 'http';
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      /** `sse` where the file asks for the older transport alone. */
      readonly transport: 'auto' | 'sse';
      /** How kosmo signs in there; absent where nothing need be said. */
      readonly oauth?: OAuthClient;
    };

/** A client that a person has registered with an authorization server, in place of one that kosmo would register. */
export interface OAuthClient {
  /** The client itself is let in, and nobody signs in (RFC 6749, 4.4); absent where a person does. */
  readonly grant?: 'client_credentials';
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** A private key as PEM, with which such a client shows who it is in place of a secret (RFC 7523). */
  readonly privateKey?: string;
  /** What it signs with: `ES256`, `RS256`, … */
  readonly algorithm?: string;
  /** The authorization server that knows the client; its secret goes to no other. */
  readonly issuer?: string;
  /** Scopes to ask for, separated by spaces. */
  readonly scope?: string;
  /** The port of the address that the browser comes back to, where it must be a certain one. */
  readonly port?: number;
}

/** Tools that need no approval, or are never called. */
export interface ToolRule {
  /** `read_*`, `mcp.memory.create_entities`. */
  readonly pattern: string;
  readonly verdict: 'allow' | 'deny';
}

/** One MCP server, as a file configures it. */
export interface ServerConfig {
  /** As the file calls it. */
  readonly name: string;
  readonly launch: Launch;
  readonly enabled: boolean;
  /** Whether the server is told the project's folder (the protocol's roots). */
  readonly roots: boolean;
  /** How long a call may take without progress, in milliseconds; null for the usual. */
  readonly timeout: number | null;
  /** What its tools may do beyond what the policy of every server says, by patterns of names. */
  readonly rules: readonly ToolRule[];
  /** The file it stands in. */
  readonly file: string;
  /** A user's own servers are trusted by being added; a project's run only after they were trusted by name. */
  readonly scope: 'user' | 'project';
}

/**
 * What a server was trusted as: a hash over all that decides what would run, variables not expanded. A changed command
 * has another one.
 */
export function fingerprintOf({ launch, roots }: Pick<ServerConfig, 'launch' | 'roots'>): string {
  const told: unknown[] =
    launch.kind === 'stdio'
      ? [launch.kind, launch.command, launch.args, sorted(launch.env), launch.cwd]
      : [launch.kind, launch.url, sorted(launch.headers), launch.transport];
  if (launch.kind === 'http' && launch.oauth !== undefined)
    told.push(Object.entries(launch.oauth).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (roots) told.push('roots');
  return createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 16);
}

/** The command or URL, as a person reads it. */
export function describeLaunch(launch: Launch): string {
  if (launch.kind === 'http') return launch.url;
  return [launch.command, ...launch.args]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

function sorted(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
