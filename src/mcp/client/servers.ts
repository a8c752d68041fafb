import { createHash } from 'node:crypto';
import type { Transport } from '../../call/index.ts';
import { type Catalog, didYouMean, Integration, nearestNames } from '../../catalog/index.ts';
import type { Home } from '../../home/index.ts';
import { ManifestReader } from '../../manifest/index.ts';
import { type Failure, failure } from '../../support/errors.ts';
import type { JsonValue } from '../../support/json.ts';
import { Redactor } from '../../support/redaction.ts';
import { type Configured, readConfigured } from '../config/config-files.ts';
import { expand } from '../config/expand.ts';
import { McpSecrets, type SecretVault } from '../config/secrets.ts';
import { describeLaunch, fingerprintOf, type ServerConfig } from '../config/server-config.ts';
import { TrustStore } from '../config/trust.ts';
import type { Asker, ToolProgress } from './asking.ts';
import type { Connection } from './connection.ts';
import { unanswered } from './failures.ts';
import { ServerLogs } from './server-logs.ts';
import { integrationOf } from './server-name.ts';

export interface McpServersOptions {
  /** Where a user's state is. */
  readonly home: Home;
  /** Where secrets and tokens are. */
  readonly vault: SecretVault;
  /** The project's folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly catalog: Catalog;
  readonly version: string;
}

/** Who is there while servers work. */
export interface Attendant {
  /** Answers what servers ask a person; without one they are told that nobody can. */
  readonly asker?: Asker;
  readonly onProgress?: (progress: ToolProgress) => void;
}

/** The configured MCP servers. Files are read when somebody asks, and a server is started when it is needed. */
export class McpServers {
  readonly #options: McpServersOptions;
  readonly trust: TrustStore;
  readonly secrets: McpSecrets;
  readonly logs: ServerLogs;
  #configured: Configured | null = null;
  #attendant: Attendant = {};
  readonly #connections = new Map<string, Promise<Connection | Failure>>();
  readonly #integrations = new Map<string, Promise<Integration | Failure>>();

  constructor(options: McpServersOptions) {
    this.#options = options;
    this.trust = new TrustStore(options.home);
    this.secrets = new McpSecrets(options.home, options.vault);
    this.logs = new ServerLogs(options.home);
  }

  get configured(): Configured {
    this.#configured ??= readConfigured(this.#options.home.path, this.#options.folder);
    return this.#configured;
  }

  /** Where the bytes of results go. */
  get outputs(): string {
    return this.#options.home.file('outputs');
  }

  /** Says who is there. It holds for servers that are reached from now on. */
  attend(attendant: Attendant): void {
    this.#attendant = attendant;
  }

  /** The names of the servers that may run. */
  names(): readonly string[] {
    return [...this.configured.servers.values()]
      .filter((server) => this.trust.standing(server) === 'trusted')
      .map(({ name }) => name);
  }

  /** A server's tools as an integration of the catalog. Tools are asked for once, and again when they change. */
  integration(name: string): Promise<Integration | Failure> {
    let integration = this.#integrations.get(name);
    if (integration === undefined) {
      integration = this.#readTools(name);
      this.#integrations.set(name, integration);
    }
    return integration;
  }

  /** Starts servers side by side, those that may run; nobody waits for them here. */
  warm(names: Iterable<string>): void {
    const usable = new Set(this.names());
    for (const name of names) if (usable.has(name)) void this.integration(name);
  }

  /** What sends the calls of a server's tools. */
  async transport(name: string): Promise<Transport | Failure> {
    const connection = await this.connection(name);
    if ('code' in connection) return connection;
    const { createToolTransport } = await import('./tool-transport.ts');
    return createToolTransport(() => connection, this.outputs);
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
    const { askServers } = await import('./functions.ts');
    return askServers(this, name, args);
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

  /** The server's configuration, or why there is none of that name. */
  find(name: string): ServerConfig | Failure {
    const server = this.configured.servers.get(name);
    if (server !== undefined) return server;
    const names = [...this.configured.servers.keys()];
    const have = names.length === 0 ? 'None is configured.' : `There are: ${names.join(', ')}.`;
    const [fault] = this.configured.faults;
    return failure(
      'unknown_server',
      `No MCP server is called ${name}.${didYouMean(nearestNames(name, names))} ${have}${fault === undefined ? '' : ` (${fault.message})`}`,
      { details: { server: name, servers: names } },
    );
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
    const { home, folder, environment, version } = this.#options;
    const expanded = await expand(name, config.launch, { environment, folder, secrets: this.secrets });
    if ('code' in expanded) return expanded;
    const [{ Connection }, { ServerMemory }] = await Promise.all([
      import('./connection.ts'),
      import('./server-memory.ts'),
    ]);
    const { launch } = expanded;
    const { asker = null, onProgress = () => undefined } = this.#attendant;
    // Who may ask is part of what a server is told, and of what it answers.
    const told = JSON.stringify([fingerprintOf(config), launch, folder, asker !== null]);
    return new Connection({
      name,
      launch,
      folder,
      roots: config.roots,
      timeout: config.timeout,
      environment,
      version,
      redactor: expanded.concealed.length === 0 ? null : new Redactor(expanded.concealed),
      memory: new ServerMemory(home, name, createHash('sha256').update(told).digest('hex')),
      auth: null,
      asker,
      onProgress,
      onToolsChanged: () => this.#integrations.delete(name),
      onEnded: (exit, errors) => this.logs.keep(name, exit, errors),
    });
  }

  /** The server's configuration, or why it must not run. */
  #usable(name: string): ServerConfig | Failure {
    const server = this.find(name);
    if ('code' in server) return server;
    const details = { server: name, file: server.file };
    const standing = this.trust.standing(server);
    if (standing === 'trusted') return server;
    if (standing === 'disabled') {
      return failure('not_configured', `The MCP server ${name} of ${server.file} is disabled.`, {
        hint: `kosmo mcp:enable ${name}`,
        details,
      });
    }
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
