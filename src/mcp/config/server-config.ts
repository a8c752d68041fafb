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
    };

/** One MCP server, as a file configures it. */
export interface ServerConfig {
  /** As the file calls it. */
  readonly name: string;
  readonly launch: Launch;
  readonly enabled: boolean;
  /** The file it stands in. */
  readonly file: string;
  /** A user's own servers are trusted by being added; a project's run only after they were trusted by name. */
  readonly scope: 'user' | 'project';
}

/**
 * What a server was trusted as: a hash over all that decides what would run, variables not expanded. A changed command
 * has another one.
 */
export function fingerprintOf({ launch }: ServerConfig): string {
  const told =
    launch.kind === 'stdio'
      ? [launch.kind, launch.command, launch.args, sorted(launch.env), launch.cwd]
      : [launch.kind, launch.url, sorted(launch.headers), launch.transport];
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
