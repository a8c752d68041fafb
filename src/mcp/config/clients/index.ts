export type { ClientScope, Machine, McpClient } from './client.ts';
export { mcpClients } from './clients.ts';
export {
  changeSettings,
  findClient,
  readSettings,
  settingsFileOf,
  settingsWith,
  thisMachine,
} from './settings-file.ts';
