import type { Transport } from '../../call/index.ts';
import { type Catalog, didYouMean, Integration, nearestNames } from '../../catalog/index.ts';
import type { Home } from '../../home/index.ts';
import { ManifestReader } from '../../manifest/index.ts';
import { type Failure, failure, KosmoError } from '../../support/errors.ts';
import { isJsonObject, type JsonObject, type JsonValue, stringifyJson } from '../../support/json.ts';
import { type Configured, readConfigured } from '../config/config-files.ts';
import { expand } from '../config/expand.ts';
import { describeLaunch, fingerprintOf, type ServerConfig } from '../config/server-config.ts';
import { TrustStore } from '../config/trust.ts';
import type { Answer, Connection } from './connection.ts';
import { integrationOf } from './server-name.ts';

export interface McpServersOptions {
  /** Where a user's state is. */
  readonly home: Home;
  /** The project's folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly catalog: Catalog;
  readonly version: string;
  /** The names of the servers there are, of those that are configured; all unless given. */
  readonly only?: readonly string[];
}

/** The configured MCP servers. Files are read when somebody asks, and a server is started when it is needed. */
export class McpServers {
  readonly #options: McpServersOptions;
  readonly trust: TrustStore;
  #configured: Configured | null = null;
  readonly #connections = new Map<string, Promise<Connection | Failure>>();
  readonly #integrations = new Map<string, Promise<Integration | Failure>>();

  constructor(options: McpServersOptions) {
    this.#options = options;
    this.trust = new TrustStore(options.home);
  }

  get configured(): Configured {
    this.#configured ??= this.#read();
    return this.#configured;
  }

  /** The names of the servers that may run. */
  names(): readonly string[] {
    return [...this.configured.servers.values()]
      .filter((server) => server.enabled && this.trust.standing(server) === 'trusted')
      .map(({ name }) => name);
  }

  /** A server's tools as an integration of the catalog. Tools are asked for once. */
  integration(name: string): Promise<Integration | Failure> {
    let integration = this.#integrations.get(name);
    if (integration === undefined) {
      integration = this.#readTools(name);
      this.#integrations.set(name, integration);
    }
    return integration;
  }

  /** What sends the calls of a server's tools. */
  async transport(name: string): Promise<Transport | Failure> {
    const connection = await this.connection(name);
    if ('code' in connection) return connection;
    const { createToolTransport } = await import('./tool-transport.ts');
    return createToolTransport(() => connection, this.#outputs);
  }

  /** The connection to a server, whether it is reached yet or not. */
  connection(name: string): Promise<Connection | Failure> {
    let connection = this.#connections.get(name);
    if (connection === undefined) {
      connection = this.#connect(name);
      this.#connections.set(name, connection);
    }
    return connection;
  }

  /** Answers one function of the `mcp` table: `servers`, or one that takes a server's name first. */
  async ask(name: string, args: readonly JsonValue[]): Promise<JsonValue | Failure> {
    if (name === 'servers') return this.#summaries();
    const [server, second, third] = args;
    if (typeof server !== 'string')
      return failure(
        'invalid_arguments',
        `mcp.${name}: expected the name of a server as its first argument.`,
      );
    switch (name) {
      case 'tools':
        return this.#tools(server);
      case 'schema':
        return this.#schema(server, second);
      case 'resources':
        return this.#given(server, (connection) => connection.resources());
      case 'read_resource':
        return this.#readResource(server, second);
      case 'prompts':
        return this.#given(server, (connection) => connection.prompts());
      case 'get_prompt':
        return this.#prompt(server, second, third);
      default:
        return failure('invalid_arguments', `There is no mcp.${name}.`);
    }
  }

  /** Ends every connection, and with them the servers that were started. */
  async close(): Promise<void> {
    const connections = await Promise.all(this.#connections.values());
    await Promise.all(
      connections.map((connection) => ('code' in connection ? Promise.resolve() : connection.close())),
    );
    this.#connections.clear();
    this.#integrations.clear();
  }

  #read(): Configured {
    const { home, folder, only } = this.#options;
    const configured = readConfigured(home.path, folder);
    if (only === undefined) return configured;
    const missing = only.find((name) => !configured.servers.has(name));
    if (missing !== undefined) throw KosmoError.of(unknownServer(missing, configured));
    const servers = new Map([...configured.servers].filter(([name]) => only.includes(name)));
    return { ...configured, servers };
  }

  get #outputs(): string {
    return this.#options.home.file('outputs');
  }

  #summaries(): JsonObject[] {
    return [...this.configured.servers.values()].map((server) => ({
      name: server.name,
      transport: server.launch.kind,
      enabled: server.enabled,
      trusted: this.trust.standing(server) === 'trusted',
      scope: server.scope,
    }));
  }

  async #tools(server: string): Promise<JsonValue | Failure> {
    const integration = await this.integration(server);
    if ('code' in integration) return integration;
    return integration.reader.index.operations.map(({ slug, luaName, effect, summary }) => ({
      name: slug,
      lua_name: luaName,
      effect,
      summary,
    }));
  }

  async #schema(server: string, tool: JsonValue | undefined): Promise<JsonValue | Failure> {
    const integration = await this.integration(server);
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

  async #readResource(server: string, uri: JsonValue | undefined): Promise<JsonValue | Failure> {
    if (typeof uri !== 'string')
      return failure(
        'invalid_arguments',
        'mcp.read_resource: expected the URI of a resource as its second argument.',
      );
    const { resourceOf } = await import('./tool-result.ts');
    return this.#given(server, async (connection) => {
      const answer = await connection.readResource(uri);
      if (!('value' in answer)) return answer;
      const contents = answer.value.contents.map((content) => resourceOf(content, this.#outputs));
      return { value: contents.length === 1 ? (contents[0] ?? null) : contents };
    });
  }

  async #prompt(
    server: string,
    name: JsonValue | undefined,
    args: JsonValue | undefined,
  ): Promise<JsonValue | Failure> {
    if (typeof name !== 'string')
      return failure(
        'invalid_arguments',
        'mcp.get_prompt: expected the name of a prompt as its second argument.',
      );
    const given = isJsonObject(args) ? args : {};
    const texts = Object.fromEntries(
      Object.entries(given).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : stringifyJson(value),
      ]),
    );
    return this.#given(server, (connection) => connection.prompt(name, texts));
  }

  /** What a server answers, as plain data. */
  async #given(
    server: string,
    ask: (connection: Connection) => Promise<Answer<unknown>>,
  ): Promise<JsonValue | Failure> {
    const connection = await this.connection(server);
    if ('code' in connection) return connection;
    const answer = await ask(connection);
    if ('value' in answer) return JSON.parse(JSON.stringify(answer.value)) as JsonValue;
    return unanswered(server, answer.reason);
  }

  async #readTools(name: string): Promise<Integration | Failure> {
    const connection = await this.connection(name);
    if ('code' in connection) return connection;
    const facts = await connection.facts();
    if ('code' in facts) return facts;
    const tools = await connection.tools();
    if (!('value' in tools)) return unanswered(name, tools.reason);
    const { manifestOf } = await import('./tool-manifest.ts');
    const manifest = manifestOf(name, facts.name, facts.instructions ?? '', tools.value);
    const integration = new Integration(integrationOf(name), ManifestReader.of(manifest), null);
    this.#options.catalog.add(integration);
    return integration;
  }

  async #connect(name: string): Promise<Connection | Failure> {
    const config = this.#usable(name);
    if ('code' in config) return config;
    const { folder, environment, version } = this.#options;
    const expanded = expand(name, config.launch, {
      environment,
      folder,
    });
    if ('code' in expanded) return expanded;
    const { Connection } = await import('./connection.ts');
    return new Connection({ name, launch: expanded, folder, environment, version });
  }

  /** The server's configuration, or why it must not run. */
  #usable(name: string): ServerConfig | Failure {
    const server = this.configured.servers.get(name);
    if (server === undefined) return unknownServer(name, this.configured);
    const details = { server: name, file: server.file };
    if (!server.enabled) {
      return failure('not_configured', `The MCP server ${name} is disabled in ${server.file}.`, {
        hint: 'Take "disabled" out there to enable it.',
        details,
      });
    }
    const standing = this.trust.standing(server);
    if (standing === 'trusted') return server;
    const what = standing === 'changed' ? 'has changed since it was trusted' : 'is not trusted yet';
    return failure(
      'untrusted_server',
      `The MCP server ${name} of ${server.file} ${what}; it would run: ${describeLaunch(server.launch)}`,
      {
        hint: `If that may run on this machine: kosmo mcp:trust ${name}`,
        details: { ...details, fingerprint: fingerprintOf(server) },
      },
    );
  }
}

function unknownServer(name: string, { servers, faults }: Configured): Failure {
  const names = [...servers.keys()];
  const have = names.length === 0 ? 'None is configured.' : `There are: ${names.join(', ')}.`;
  const [fault] = faults;
  return failure(
    'unknown_server',
    `No MCP server is called ${name}.${didYouMean(nearestNames(name, names))} ${have}${fault === undefined ? '' : ` (${fault.message})`}`,
    { details: { server: name, servers: names } },
  );
}

function unanswered(server: string, reason: string): Failure {
  return failure('network_error', `The MCP server ${server} did not answer: ${reason}.`, {
    hint: 'Its command or URL is what kosmo mcp:list shows.',
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
