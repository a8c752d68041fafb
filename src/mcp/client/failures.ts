import { didYouMean, type Integration } from '../../catalog/index.ts';
import { type Failure, failure } from '../../support/errors.ts';
import type { Answer } from './answer.ts';

type Unanswered = Extract<Answer<unknown>, { failed: unknown }>;

/** The failure for a server that was reached and did not give what it was asked for. */
export function unanswered(server: string, { failed, reason }: Unanswered): Failure {
  if (failed === 'refused') {
    return failure('tool_error', `The MCP server ${server} refused: ${reason}`, {
      hint: 'The message is the server’s own.',
      details: { server, message: reason },
    });
  }
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
