import {
  CLIENT_INFO_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { failureOf } from '../../support/errors.ts';
import { isJsonObject } from '../../support/json.ts';
import { canAsk } from './asking.ts';
import { listDocs, readDoc, searchDocs } from './docs-tools.ts';
import { executeLua } from './execute.ts';
import type { Gateway } from './gateway.ts';
import { shownError } from './shown.ts';
import { toolsOf } from './tools.ts';

/** How long a client may keep the list of tools, in milliseconds: it is the same as long as the gateway runs. */
const listLifetime = 5 * 60 * 1000;

const instructions = `kosmo runs Lua programs against APIs and MCP servers. Find functions with lua_search_docs, read one with lua_read_doc, then write one program that does the whole job and returns only what is needed.`;

/**
 * A server of one client, or of one request: it holds nothing that the next one would miss.
 * @param isChild whether it is the client that has started this process
 */
export function createGatewayServer(gateway: Gateway, { isChild }: { readonly isChild: boolean }): Server {
  const { runtime, options } = gateway;
  const tools = toolsOf(options);
  const server = new Server(
    { name: 'kosmo', version: options.version },
    {
      capabilities: { tools: {} },
      instructions,
      cacheHints: { 'tools/list': { ttlMs: listLifetime, cacheScope: 'private' } },
    },
  );
  server.setRequestHandler('tools/list', () => {
    // Whoever reads what tools there are will use one.
    setImmediate(() => runtime.warm());
    return { tools };
  });
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const given = params.arguments ?? {};
    try {
      switch (params.name) {
        case 'lua_list_docs':
          return await listDocs(runtime, given);
        case 'lua_search_docs':
          return await searchDocs(runtime, given);
        case 'lua_read_doc':
          return await readDoc(runtime, given);
        case 'execute_lua': {
          const connection = context.http?.req?.signal;
          const signals = [context.mcpReq.signal, ...(connection === undefined ? [] : [connection])];
          const client = clientOf(server, context);
          const execution = {
            given,
            context,
            client,
            signal: AbortSignal.any(signals),
            canAsk: canAsk(server, context),
            isChild,
          };
          return await gateway.work(() => executeLua(runtime, options, execution));
        }
        default:
          throw new ProtocolError(
            ProtocolErrorCode.InvalidParams,
            `There is no tool ${params.name}. There are: ${tools.map(({ name }) => name).join(', ')}.`,
          );
      }
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      return shownError(failureOf(error));
    }
  });
  return server;
}

/** A client's name and version, as it tells them. */
function clientOf(server: Server, context: ServerContext): string {
  const envelope: Readonly<Record<string, unknown>> = context.mcpReq.envelope ?? {};
  const told = envelope[CLIENT_INFO_META_KEY] ?? server.getClientVersion();
  const { name = 'mcp', version = '' } = isJsonObject(told) ? told : {};
  return [name, version]
    .filter((part) => typeof part === 'string')
    .join(' ')
    .trim()
    .slice(0, 100);
}
