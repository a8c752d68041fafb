/**
 * Puts a server that knows only standard input and output behind HTTP: at /2025 for clients with sessions, at /2026 for
 * those of the newest revision. The arguments are the server's command. POST /behind with another command, as a JSON
 * array, has that one stand behind both addresses from then on, and tells the clients that the lists have changed.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import {
  createMcpHandler,
  Server,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';

/** @param {string[]} words */
async function start([command = '', ...args]) {
  const client = new Client({ name: 'bridge', version: '1' });
  await client.connect(
    new StdioClientTransport({
      command,
      args,
      env: /** @type {Record<string, string>} */ (process.env),
      stderr: 'ignore',
    }),
  );
  return client;
}

let behind = await start(process.argv.slice(2));

function make() {
  const server = new Server(behind.getServerVersion() ?? { name: 'bridge', version: '1' }, {
    capabilities: { tools: { listChanged: true }, resources: { listChanged: true } },
  });
  const offers = (/** @type {'tools' | 'resources'} */ kind) =>
    behind.getServerCapabilities()?.[kind] !== undefined;
  server.setRequestHandler('tools/list', async () => ({ tools: (await behind.listTools()).tools }));
  server.setRequestHandler('tools/call', ({ params }, { mcpReq }) => {
    const { progressToken } = mcpReq._meta ?? {};
    return behind.callTool(
      { name: params.name, arguments: params.arguments ?? {} },
      {
        signal: mcpReq.signal,
        ...(progressToken === undefined
          ? {}
          : {
              onprogress: (progress) => {
                void mcpReq.notify({
                  method: 'notifications/progress',
                  params: { ...progress, progressToken },
                });
              },
            }),
      },
    );
  });
  server.setRequestHandler('resources/list', async () => ({
    resources: offers('resources') ? (await behind.listResources()).resources : [],
  }));
  server.setRequestHandler('resources/templates/list', async () => ({
    resourceTemplates: offers('resources') ? (await behind.listResourceTemplates()).resourceTemplates : [],
  }));
  server.setRequestHandler('resources/read', ({ params }) => behind.readResource({ uri: params.uri }));
  return server;
}

const modern = createMcpHandler(make, { legacy: 'reject' });
/** @type {Map<string, { server: Server, transport: WebStandardStreamableHTTPServerTransport }>} */
const sessions = new Map();

/** @param {Request} request */
async function withSession(request) {
  const known = sessions.get(request.headers.get('mcp-session-id') ?? '');
  if (known !== undefined) return known.transport.handleRequest(request);
  const server = make();
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => {
      sessions.set(id, { server, transport });
    },
  });
  await server.connect(transport);
  return transport.handleRequest(request);
}

/** @param {Request} request */
async function exchange(request) {
  const before = behind;
  behind = await start(/** @type {string[]} */ (await request.json()));
  await before.close();
  modern.notify.toolsChanged();
  modern.notify.resourcesChanged();
  for (const { server } of sessions.values()) {
    await server.sendToolListChanged();
    await server.sendResourceListChanged();
  }
  return new Response(null, { status: 204 });
}

/** @param {Request} request */
function answer(request) {
  switch (new URL(request.url).pathname) {
    case '/2025':
      return withSession(request);
    case '/2026':
      return modern.fetch(request);
    case '/behind':
      return exchange(request);
    default:
      return new Response(null, { status: 404 });
  }
}

const answering = getRequestListener((request) => answer(request), { overrideGlobalObjects: false });
const listener = createServer((request, response) => void answering(request, response));
listener.listen(0, '127.0.0.1', () => {
  const address = /** @type {import('node:net').AddressInfo} */ (listener.address());
  process.stdout.write(`http://127.0.0.1:${address.port}\n`);
});
process.on('SIGTERM', () => void behind.close().finally(() => process.exit(0)));
