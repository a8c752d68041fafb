export { integrationOf, serverOf } from './client/server-name.ts';
export { McpServers, type McpServersOptions, unknownTool } from './client/servers.ts';
