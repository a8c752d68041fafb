import { didYouMean, type Integration } from '../../catalog/index.ts';
import { type Failure, failure } from '../../support/errors.ts';

/** The failure for a server that was reached and did not answer. */
export function unanswered(server: string, reason: string): Failure {
  return failure('network_error', `The MCP server ${server} did not answer: ${reason}.`, {
    hint: `kosmo mcp:doctor ${server} tries it.`,
    details: { server },
  });
}

/** The failure for a name that no tool of a server has. */
export function unknownTool(server: string, tool: string, integration: Integration): Failure {
  const suggestions = integration.nearest(tool);
  return failure(
    'unknown_function',
    `The MCP server ${server} has no tool ${tool}.${didYouMean(suggestions)}`,
    {
      hint: `mcp.tools("${server}") lists them.`,
      details: { server, tool, suggestions },
    },
  );
}
