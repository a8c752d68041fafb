import {
  CLIENT_INFO_META_KEY,
  ProtocolError,
  ProtocolErrorCode,
  Server,
  type ServerContext,
  type Tool,
} from '@modelcontextprotocol/server';
import { failureOf } from '../../support/errors.ts';
import { isJsonObject } from '../../support/json.ts';
import { canAsk } from './asking.ts';
import { listDocs, readDoc, searchDocs } from './docs-tools.ts';
import { type Execution, executeLua } from './execute.ts';
import type { Gateway } from './gateway.ts';
import { shownError } from './shown.ts';
import { toolsOf } from './tools.ts';

/** How long a client may keep the list of tools, in milliseconds: it is the same as long as the gateway runs. */
const listLifetime = 5 * 60 * 1000;

const ofLua = `kosmo runs Lua programs against APIs and MCP servers. Find functions with lua_search_docs, read one with lua_read_doc, then write one program that does the whole job and returns only what is needed.`;
const ofClassic = 'Each tool is one function of an API, or one tool of another MCP server.';

/**
 * A server of one client, or of one request: it holds nothing that the next one would miss.
 * @param isChild whether it is the client that has started this process
 */
export function createGatewayServer(gateway: Gateway, { isChild }: { readonly isChild: boolean }): Server {
  const { version, classic } = gateway.options;
  const server = new Server(
    { name: 'kosmo', version },
    {
      capabilities: { tools: {} },
      instructions: classic ? ofClassic : ofLua,
      cacheHints: { 'tools/list': { ttlMs: listLifetime, cacheScope: 'private' } },
    },
  );
  server.setRequestHandler('tools/list', async () => {
    // Whoever reads what tools there are will use one.
    if (!classic) setImmediate(() => gateway.runtime.warm());
    return { tools: await toolsIn(gateway) };
  });
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    const connection = context.http?.req?.signal;
    const signals = [context.mcpReq.signal, ...(connection === undefined ? [] : [connection])];
    const execution: Execution = {
      given: params.arguments ?? {},
      context,
      client: clientOf(server, context),
      signal: AbortSignal.any(signals),
      canAsk: canAsk(server, context),
      isChild,
    };
    try {
      const call = classic ? callOperation : callTool;
      return await gateway.work(() => call(gateway, params.name, execution));
    } catch (error) {
      if (error instanceof ProtocolError) throw error;
      return shownError(failureOf(error));
    }
  });
  return server;
}

async function toolsIn(gateway: Gateway): Promise<Tool[]> {
  if (!gateway.options.classic) return toolsOf(gateway.options);
  const { readResultTool } = await import('./classic.ts');
  return [...[...(await gateway.classic()).values()].map(({ tool }) => tool), readResultTool];
}

async function callTool({ runtime, options }: Gateway, name: string, execution: Execution) {
  switch (name) {
    case 'lua_list_docs':
      return listDocs(runtime, execution.given);
    case 'lua_search_docs':
      return searchDocs(runtime, execution.given);
    case 'lua_read_doc':
      return readDoc(runtime, execution.given);
    case 'execute_lua':
      return executeLua(runtime, options, execution);
    default:
      throw unknownTool(name);
  }
}

async function callOperation(gateway: Gateway, name: string, execution: Execution) {
  const { callClassic, readResult, readResultTool } = await import('./classic.ts');
  if (name === readResultTool.name) return readResult(gateway.runtime, execution);
  const tool = (await gateway.classic()).get(name);
  if (tool === undefined) throw unknownTool(name);
  return callClassic(gateway.runtime, gateway.options, tool, execution);
}

function unknownTool(name: string): ProtocolError {
  return new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `There is no tool ${name}; tools/list has all of them.`,
  );
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
