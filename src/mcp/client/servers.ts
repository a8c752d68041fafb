import { createHash } from 'node:crypto';
import type { Transport } from '../../call/index.ts';
import { type Catalog, didYouMean, Integration, nearestNames } from '../../catalog/index.ts';
import type { Home } from '../../home/index.ts';
import { ManifestReader } from '../../manifest/index.ts';
import { type Failure, failure, KosmoError } from '../../support/errors.ts';
import type { JsonValue } from '../../support/json.ts';
import { type Configured, readConfigured } from '../config/config-files.ts';
import { expand } from '../config/expand.ts';
import { McpSecrets, type SecretVault } from '../config/secrets.ts';
import {
  describeLaunch,
  fingerprintOf,
  type Launch,
  type OAuthClient,
  type ServerConfig,
} from '../config/server-config.ts';
import { TrustStore } from '../config/trust.ts';
import type { Asker, ToolProgress } from './asking.ts';
import { Concealed } from './concealed.ts';
import type { Connection, Session } from './connection.ts';
import { unanswered } from './failures.ts';
import { oauthClientOf } from './oauth/client.ts';
import type { Login } from './oauth/login.ts';
import type { SignInStore } from './oauth/store.ts';
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
  /** The names of the servers there are, of those that are configured; all unless given. */
  readonly only?: readonly string[];
}

/** Who is there while servers work. */
export interface Attendant {
  /** Answers what servers ask a person; without one they are told that nobody can. */
  readonly asker?: Asker;
}

/** How a person signs in. */
export type LoginWay = Pick<Login, 'show' | 'paste' | 'patience'> & {
  /** What to ask for, in place of what the configuration or the server names. */
  readonly scope?: string;
};

/** Where a sign-in is to, and where it is kept. */
interface SignInPlace {
  readonly url: string;
  readonly settings: OAuthClient;
  readonly store: SignInStore;
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
    this.#configured ??= this.#read();
    return this.#configured;
  }

  /** Where the bytes of results go. */
  get outputs(): string {
    return this.#options.home.file('outputs');
  }

  /** Says who is there. A server that was reached while nobody was there asks nothing. */
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
      forgetFailure(this.#integrations, name, integration);
    }
    return integration;
  }

  /** Starts servers side by side, those that may run; nobody waits for them here. */
  warm(names: Iterable<string>): void {
    const usable = new Set(this.names());
    for (const name of names) if (usable.has(name)) void this.integration(name);
  }

  /**
   * What sends the calls of a server's tools.
   * @param onProgress hears how far they are, when the server tells
   */
  async transport(name: string, onProgress: (progress: ToolProgress) => void): Promise<Transport | Failure> {
    const connection = await this.connection(name);
    if ('code' in connection) return connection;
    const { ToolTransport } = await import('./tool-transport.ts');
    return new ToolTransport(connection, this.outputs, onProgress);
  }

  /** The connection to a server, whether it is reached yet or not. */
  connection(name: string): Promise<Connection | Failure> {
    let connection = this.#connections.get(name);
    if (connection === undefined) {
      connection = this.#connect(name);
      this.#connections.set(name, connection);
      forgetFailure(this.#connections, name, connection);
    }
    return connection;
  }

  /** Answers one function of the `mcp` table: `servers`, or one that takes a server's name first. */
  async ask(name: string, args: readonly JsonValue[]): Promise<JsonValue | Failure> {
    const { askServers } = await import('./functions.ts');
    return askServers(this, name, args);
  }

  /**
   * Has a person sign in to a server, and keeps what comes of it.
   * @returns a failure for a server that nobody signs in to, or that must not be reached
   * @throws KosmoError when the person is not signed in
   */
  async login(name: string, way: LoginWay): Promise<Failure | null> {
    const place = await this.#signIn(name);
    if ('code' in place) return place;
    const { login } = await import('./oauth/login.ts');
    const { scope = place.settings.scope } = way;
    const settings = { ...place.settings, ...(scope === undefined ? {} : { scope }) };
    await login({ ...way, ...place, server: name, settings });
    return null;
  }

  /** Forgets a sign-in. @returns whether there was one */
  async logout(name: string): Promise<boolean | Failure> {
    const place = await this.#signIn(name);
    return 'code' in place ? place : place.store.remove();
  }

  async #signIn(name: string): Promise<SignInPlace | Failure> {
    const config = this.#usable(name);
    if ('code' in config) return config;
    const { home, vault, folder, environment } = this.#options;
    const expanded = await expand(name, config.launch, { environment, folder, secrets: this.secrets });
    if ('code' in expanded) return expanded;
    const { launch } = expanded;
    if (launch.kind === 'stdio') {
      return failure('usage', `The MCP server ${name} is a program: nobody signs in to it.`, {
        hint: 'What it needs goes into its variables: kosmo mcp:add --env.',
      });
    }
    const { SignInStore } = await import('./oauth/store.ts');
    const store = new SignInStore(home, vault, name, launch.url);
    const settings = oauthClientOf(launch.oauth, environment);
    return 'code' in settings ? settings : { url: launch.url, settings, store };
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
    return this.configured.servers.get(name) ?? unknownServer(name, this.configured);
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

  async #readTools(name: string): Promise<Integration | Failure> {
    const connection = await this.connection(name);
    if ('code' in connection) return connection;
    const facts = await connection.facts();
    if ('code' in facts) return facts;
    const tools = await connection.tools();
    if (!('value' in tools)) return unanswered(name, tools);
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
    const concealed = new Concealed(expanded.concealed);
    // Whether somebody is there is told to the server when it is reached; who it is then may change.
    const asker: Asker | null =
      this.#attendant.asker === undefined
        ? null
        : async (question) => (await this.#attendant.asker?.(question)) ?? { action: 'cancel' };
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
      concealed,
      memory: new ServerMemory(home, name, createHash('sha256').update(told).digest('hex')),
      auth: await this.#sessionOf(name, launch, concealed),
      asker,
      onToolsChanged: () => this.#integrations.delete(name),
      onEnded: (exit, errors) => this.logs.keep(name, exit, errors),
    });
  }

  /** Tokens for a server that is reached over HTTP, unless its configuration brings a credential of its own. */
  async #sessionOf(name: string, launch: Launch, concealed: Concealed): Promise<Session | null> {
    if (launch.kind === 'stdio') return null;
    if (Object.keys(launch.headers).some((header) => header.toLowerCase() === 'authorization')) return null;
    const [{ OAuthSession }, { SignInStore }] = await Promise.all([
      import('./oauth/session.ts'),
      import('./oauth/store.ts'),
    ]);
    const { home, vault, environment } = this.#options;
    const store = new SignInStore(home, vault, name, launch.url);
    const settings = oauthClientOf(launch.oauth, environment);
    return new OAuthSession(store, launch.url, 'code' in settings ? {} : settings, concealed);
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

/** What has failed may go well later: it is tried again when somebody asks again. */
function forgetFailure<T extends object>(
  known: Map<string, Promise<T | Failure>>,
  name: string,
  found: Promise<T | Failure>,
): void {
  void found.then((value) => {
    if ('code' in value && known.get(name) === found) known.delete(name);
  });
}

function unknownServer(name: string, { servers, faults }: Configured): Failure {
  const names = [...servers.keys()];
  const have = names.length === 0 ? 'None is configured.' : `There are: ${names.join(', ')}.`;
  const [fault] = faults;
  return failure(
    'unknown_server',
    `No MCP server is called ${name}.${didYouMean(nearestNames(name, names))} ${have}${fault === undefined ? '' : ` (${fault.message})`}`,
    {
      hint:
        names.length === 0 ? 'kosmo mcp:add adds one.' : 'kosmo mcp:list shows them; mcp.servers() in Lua.',
      details: { server: name, servers: names },
    },
  );
}
