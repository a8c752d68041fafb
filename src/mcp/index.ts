export type { Asker, Question, Reply, ToolProgress } from './client/asking.ts';
export { unknownTool } from './client/failures.ts';
export { namedServers } from './client/named-servers.ts';
export { integrationOf, serverOf } from './client/server-name.ts';
export { type Attendant, McpServers, type McpServersOptions } from './client/servers.ts';
export { reachServer, type ServerStatus } from './client/status.ts';
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
export { withSecretsApart } from './config/move-secrets.ts';
export {
  describeLaunch,
  fingerprintOf,
  type Launch,
  type ServerConfig,
  type ToolRule,
} from './config/server-config.ts';
export { secretsOf } from './config/variables.ts';
export {
  type AddedServer,
  addServer,
  enableServer,
  removeServer,
  setToolRules,
} from './config/write-config.ts';
