export { integrationOf, serverOf } from './client/server-name.ts';
export { McpServers, type McpServersOptions, unknownTool } from './client/servers.ts';
export {
  type ClientScope,
  changeSettings,
  findClient,
  type Machine,
  type McpClient,
  mcpClients,
  readSettings,
  settingsFileOf,
  settingsWith,
  thisMachine,
} from './config/clients/index.ts';
export type { Configured } from './config/config-files.ts';
export { describeLaunch, fingerprintOf, type Launch, type ServerConfig } from './config/server-config.ts';
export { addServer, removeServer } from './config/write-config.ts';
