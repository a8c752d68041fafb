// What commands need that look after servers and their configuration, apart from what every run loads.
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
export { withSecretsApart } from './config/move-secrets.ts';
export { secretsOf } from './config/variables.ts';
export {
  type AddedServer,
  addServer,
  enableServer,
  removeServer,
  setToolRules,
} from './config/write-config.ts';
