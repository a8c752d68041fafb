// What every run needs. What is needed to look after servers and their configuration is in `manage.ts`.
export type { Asker, Question, Reply, ToolProgress } from './client/asking.ts';
export { unknownTool } from './client/failures.ts';
export { namedServers } from './client/named-servers.ts';
export { integrationOf, serverOf } from './client/server-name.ts';
export { type Attendant, McpServers, type McpServersOptions } from './client/servers.ts';
export type { Configured } from './config/config-files.ts';
export {
  describeLaunch,
  fingerprintOf,
  type Launch,
  type OAuthClient,
  type ServerConfig,
  type ToolRule,
} from './config/server-config.ts';
