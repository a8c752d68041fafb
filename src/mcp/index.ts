export { integrationOf, serverOf } from './client/server-name.ts';
export { McpServers, type McpServersOptions, unknownTool } from './client/servers.ts';
export type { Configured } from './config/config-files.ts';
export { describeLaunch, fingerprintOf, type Launch, type ServerConfig } from './config/server-config.ts';
export { addServer, removeServer } from './config/write-config.ts';
