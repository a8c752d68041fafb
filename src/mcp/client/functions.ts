import type { Integration } from '../../catalog/index.ts';
import { type Failure, failure } from '../../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue, stringifyJson } from '../../support/json.ts';
import type { Configured } from '../config/config-files.ts';
import type { TrustStore } from '../config/trust.ts';
import type { Answer } from './answer.ts';
import type { Connection } from './connection.ts';
import { unanswered, unknownTool } from './failures.ts';

/** What the functions need of the servers. */
export interface ServedFunctions {
  readonly configured: Configured;
  readonly trust: TrustStore;
  /** Where the bytes of results go. */
  readonly outputs: string;
  integration(name: string): Promise<Integration | Failure>;
  connection(name: string): Promise<Connection | Failure>;
}

/** Answers one function of the `mcp` table: `servers`, or one that takes a server's name first. */
export async function askServers(
  servers: ServedFunctions,
  name: string,
  args: readonly JsonValue[],
): Promise<JsonValue | Failure> {
  if (name === 'servers') return summaries(servers);
  const [server, second, third] = args;
  if (typeof server !== 'string')
    return failure('invalid_arguments', `mcp.${name}: expected the name of a server as its first argument.`);
  switch (name) {
    case 'tools':
      return tools(servers, server);
    case 'schema':
      return schema(servers, server, second);
    case 'resources':
      return given(servers, server, resources);
    case 'read_resource':
      return readResource(servers, server, second);
    case 'prompts':
      return given(servers, server, (connection) => connection.prompts());
    case 'get_prompt':
      return prompt(servers, server, second, third);
    default:
      return failure('invalid_arguments', `There is no mcp.${name}.`);
  }
}

function summaries({ configured, trust }: ServedFunctions): JsonObject[] {
  return [...configured.servers.values()].map((server) => {
    const standing = trust.standing(server);
    return {
      name: server.name,
      transport: server.launch.kind,
      enabled: standing !== 'disabled',
      trusted: standing === 'trusted',
      scope: server.scope,
    };
  });
}

async function tools(servers: ServedFunctions, server: string): Promise<JsonValue | Failure> {
  const integration = await servers.integration(server);
  if ('code' in integration) return integration;
  return integration.reader.index.operations.map(({ slug, luaName, effect, summary }) => ({
    name: slug,
    lua_name: luaName,
    effect,
    summary,
  }));
}

async function schema(
  servers: ServedFunctions,
  server: string,
  tool: JsonValue | undefined,
): Promise<JsonValue | Failure> {
  const integration = await servers.integration(server);
  if ('code' in integration) return integration;
  const [entry] = typeof tool === 'string' ? integration.find(tool) : [];
  if (entry === undefined) return unknownTool(server, typeof tool === 'string' ? tool : '', integration);
  const operation = integration.reader.operation(entry);
  return {
    name: operation.operationId,
    lua_name: operation.luaName,
    effect: operation.effect,
    description: operation.description,
    parameters: operation.body?.schema ?? {},
    response: operation.responses[0]?.schema ?? null,
  };
}

/** Resources, and after them the templates of URIs that stand for many. */
async function resources(connection: Connection): Promise<Answer<unknown[]>> {
  const [listed, templates] = await Promise.all([connection.resources(), connection.resourceTemplates()]);
  if (!('value' in listed)) return listed;
  return { value: [...listed.value, ...('value' in templates ? templates.value : [])] };
}

async function readResource(
  servers: ServedFunctions,
  server: string,
  uri: JsonValue | undefined,
): Promise<JsonValue | Failure> {
  if (typeof uri !== 'string')
    return failure(
      'invalid_arguments',
      'mcp.read_resource: expected the URI of a resource as its second argument.',
    );
  const { resourceOf } = await import('./tool-result.ts');
  return given(servers, server, async (connection) => {
    const answer = await connection.readResource(uri);
    if (!('value' in answer)) return answer;
    const contents = answer.value.contents.map((content) => resourceOf(content, servers.outputs));
    return { value: contents.length === 1 ? (contents[0] ?? null) : contents };
  });
}

async function prompt(
  servers: ServedFunctions,
  server: string,
  name: JsonValue | undefined,
  args: JsonValue | undefined,
): Promise<JsonValue | Failure> {
  if (typeof name !== 'string')
    return failure(
      'invalid_arguments',
      'mcp.get_prompt: expected the name of a prompt as its second argument.',
    );
  const texts = Object.fromEntries(
    Object.entries(isJsonObject(args) ? args : {}).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : stringifyJson(value),
    ]),
  );
  return given(servers, server, (connection) => connection.prompt(name, texts));
}

/** What a server answers, as plain data, without what must not be shown. */
async function given(
  servers: ServedFunctions,
  server: string,
  ask: (connection: Connection) => Promise<Answer<unknown>>,
): Promise<JsonValue | Failure> {
  const connection = await servers.connection(server);
  if ('code' in connection) return connection;
  const answer = await ask(connection);
  if (!('value' in answer)) return unanswered(server, answer);
  return connection.shown(JSON.parse(JSON.stringify(answer.value)) as JsonValue);
}
