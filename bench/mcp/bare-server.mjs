/** A server made with the official library alone, with as many tools as the gateway has. */
import { fromJsonSchema, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

serveStdio(() => {
  const server = new McpServer({ name: 'bare', version: '1.0.0' }, { capabilities: { tools: {} } });
  for (const name of ['list', 'search', 'read', 'execute']) {
    server.registerTool(
      name,
      {
        description: 'A tool.',
        inputSchema: fromJsonSchema({
          type: 'object',
          properties: { text: { type: 'string' } },
          required: ['text'],
        }),
      },
      async () => ({ content: [{ type: 'text', text: 'done' }] }),
    );
  }
  return server;
});
