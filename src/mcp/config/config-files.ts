import { join } from 'node:path';
import type { Failure } from '../../support/errors.ts';
import { projectClients } from './clients/clients.ts';
import { ownShape, readConfigFile } from './read-config.ts';
import type { ServerConfig } from './server-config.ts';

/** Every server that is configured, and what is wrong in the files. */
export interface Configured {
  /** By name. */
  readonly servers: ReadonlyMap<string, ServerConfig>;
  /** Servers whose name an earlier file has taken. */
  readonly shadowed: readonly ServerConfig[];
  readonly faults: readonly Failure[];
}

/** The user's own file, in the home, which kosmo writes. */
export const userFileName = 'mcp.json';

/**
 * Reads all files. Where two name the same server, the user's own goes before a project's: what a folder brings must
 * not take the place of what a user's programs call.
 */
export function readConfigured(home: string, folder: string): Configured {
  const files = [
    readConfigFile(join(home, userFileName), 'user'),
    ...projectClients.map(({ projectFile, read }) =>
      readConfigFile(join(folder, projectFile ?? ''), 'project', { tables: ownShape.tables, read }),
    ),
  ];
  const servers = new Map<string, ServerConfig>();
  const shadowed: ServerConfig[] = [];
  for (const server of files.flatMap((file) => file.servers)) {
    if (servers.has(server.name)) shadowed.push(server);
    else servers.set(server.name, server);
  }
  return { servers, shadowed, faults: files.flatMap((file) => file.faults) };
}
