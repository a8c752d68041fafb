export { McpServers } from './servers.ts';
