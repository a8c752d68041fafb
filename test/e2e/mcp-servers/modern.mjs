/** A server of the 2026-07-28 revision and of those before it, on standard input and output, or on HTTP with --http. */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { createMcpHandler, inputRequired, McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const log = process.env['SEEN'] ?? '';
const note = (/** @type {string} */ words) => (log === '' ? undefined : appendFileSync(log, `${words}\n`));
const text = (/** @type {string} */ words) => ({
  content: [{ type: /** @type {const} */ ('text'), text: words }],
});
const reads = { readOnlyHint: true };

function make() {
  note('made');
  const server = new McpServer(
    { name: 'modern', version: '1' },
    { cacheHints: { 'tools/list': { ttlMs: 60_000 }, 'server/discover': { ttlMs: 60_000 } } },
  );
  server.registerTool('ask', { description: 'Asks for a name', annotations: reads }, (context) => {
    const answer = context.mcpReq.inputResponses?.['who'];
    if (answer === undefined) {
      return inputRequired({
        inputRequests: {
          who: inputRequired.elicit({
            message: 'Who are you?',
            requestedSchema: z.object({ name: z.string(), age: z.number().int() }),
          }),
        },
      });
    }
    return text(JSON.stringify(answer));
  });
  server.registerTool('roots', { description: 'Tells the roots', annotations: reads }, (context) => {
    const answer = context.mcpReq.inputResponses?.['roots'];
    if (answer === undefined) return inputRequired({ inputRequests: { roots: inputRequired.listRoots() } });
    return text(JSON.stringify(answer));
  });
  server.registerTool('sample', { description: 'Has text written', annotations: reads }, (context) => {
    const answer = context.mcpReq.inputResponses?.['text'];
    if (answer === undefined) {
      const content = { type: /** @type {const} */ ('text'), text: 'Write' };
      const messages = [{ role: /** @type {const} */ ('user'), content }];
      return inputRequired({
        inputRequests: { text: inputRequired.createMessage({ messages, maxTokens: 9 }) },
      });
    }
    return text(JSON.stringify(answer));
  });
  server.registerTool('slow', { description: 'Takes long', annotations: reads }, async (context) => {
    context.mcpReq.signal.addEventListener('abort', () => note('cancelled'));
    for (let step = 1; step <= 60 && !context.mcpReq.signal.aborted; step += 1) {
      const { progressToken } = context.mcpReq._meta ?? {};
      if (progressToken !== undefined) {
        await context.mcpReq.notify({
          method: 'notifications/progress',
          params: { progressToken, progress: step, total: 60, message: `step ${step}` },
        });
      }
      note(`step ${step}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return text('done');
  });
  server.registerTool(
    'add',
    {
      description: 'Adds two numbers',
      annotations: reads,
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      outputSchema: z.object({ sum: z.number() }),
    },
    ({ a, b }) => ({ ...text(String(a + b)), structuredContent: { sum: a + b } }),
  );
  return server;
}

const handler = createMcpHandler(make);

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const answered = await handler.fetch(
    new Request(`http://${request.headers.host}${request.url}`, {
      method: request.method ?? 'GET',
      headers: Object.entries(request.headers).flatMap(([name, value]) =>
        typeof value === 'string' ? [/** @type {[string, string]} */ ([name, value])] : [],
      ),
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    }),
  );
  response.writeHead(answered.status, Object.fromEntries(answered.headers));
  if (answered.body === null) response.end();
  else Readable.fromWeb(/** @type {never} */ (answered.body)).pipe(response);
}

if (process.argv[2] === '--http') {
  const listener = createServer((request, response) => void answer(request, response));
  listener.listen(0, '127.0.0.1', () => {
    const address = /** @type {import('node:net').AddressInfo} */ (listener.address());
    process.stdout.write(`http://127.0.0.1:${address.port}/mcp\n`);
  });
} else {
  serveStdio(make);
}
