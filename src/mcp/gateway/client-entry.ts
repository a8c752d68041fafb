import type { Launch } from '../config/server-config.ts';
import { tokenVariable } from './token.ts';

/** How a client reaches the gateway. */
export interface GatewayEntry {
  /** The words that start kosmo: `/usr/bin/node /opt/kosmo/dist/cli/main.cjs`. */
  readonly start: readonly string[];
  /** Options of `mcp:serve`. */
  readonly options: readonly string[];
  /** Where the user's state is, when that is not the usual folder; a client has variables of its own. */
  readonly home: string | null;
  /** A gateway over HTTP that runs already; null for one that the client starts. */
  readonly url: string | null;
  /** Whether that one asks for a token. */
  readonly token: boolean;
}

/** The gateway as a server of a client's. A token is never written: its place is the variable it is in. */
export function launchOf({
  start: [command = '', ...args],
  options,
  home,
  url,
  token,
}: GatewayEntry): Launch {
  if (url !== null) {
    const headers: Record<string, string> = token ? { Authorization: `Bearer \${${tokenVariable}}` } : {};
    return { kind: 'http', url, headers, transport: 'auto' };
  }
  return {
    kind: 'stdio',
    command,
    args: [...args, 'mcp:serve', ...options],
    env: home === null ? {} : { KOSMO_HOME: home },
    cwd: null,
  };
}
