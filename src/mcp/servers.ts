import { type Failure, failure } from '../support/errors.ts';
import type { JsonValue } from '../support/json.ts';

/** The functions of the `mcp` table, apart from `servers`: each takes a server's name first. */
const serverFunctions = new Set(['tools', 'schema', 'resources', 'read_resource', 'prompts', 'get_prompt']);

/** The configured MCP servers. There is no way to configure one yet, so the list is empty. */
export class McpServers {
  /** Answers one function of the `mcp` table. */
  ask(name: string, args: readonly JsonValue[]): JsonValue | Failure {
    if (name === 'servers') return [];
    const server = args[0];
    if (!serverFunctions.has(name) || typeof server !== 'string') {
      return failure(
        'invalid_arguments',
        `mcp.${name}: expected the name of a server as its first argument.`,
      );
    }
    return failure('unknown_server', `No MCP server is called ${server}; none is configured.`);
  }
}
