import {
  type CallToolResult,
  Client,
  type GetPromptResult,
  type Prompt,
  ProtocolError,
  type ReadResourceResult,
  type Resource,
  SdkError,
  SdkErrorCode,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Tool,
  type Transport,
} from '@modelcontextprotocol/client';
import { type Failure, failure } from '../../support/errors.ts';
import type { Launch } from '../config/server-config.ts';
import { ServerProcess } from './server-process.ts';

/** Time-outs in milliseconds. */
const timeouts = {
  /** Until a server answers whether it speaks the newest revision; one that says nothing by then is taken for older. */
  probe: 5_000,
  connect: 30_000,
  /** Without progress. */
  call: 60_000,
};

export interface ConnectionOptions {
  readonly name: string;
  /** With its variables filled in. */
  readonly launch: Launch;
  /** The project's folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/** What a server said of itself when it was reached. */
export interface ServerFacts {
  readonly name: string;
  readonly version: string;
  /** The protocol revision spoken, such as `2026-07-28`. */
  readonly protocol: string;
  readonly instructions: string | null;
}

/** A request's answer, or why there is none. */
export type Answer<T> = { readonly value: T } | { readonly failed: ConnectionFault; readonly reason: string };

/**
 * `unreachable`: the server was not reached, nothing was sent. `lost`: it went away before it answered. `cancelled`: the
 * caller gave up. `refused`: it answered with an error.
 */
export type ConnectionFault = 'unreachable' | 'lost' | 'cancelled' | 'refused';

interface Open {
  readonly client: Client;
  readonly process: ServerProcess | null;
}

/** A connection to one server, made when it is first needed; a server that has ended is started once more. */
export class Connection {
  readonly #options: ConnectionOptions;
  #opening: Promise<Open | Failure> | null = null;
  #process: ServerProcess | null = null;
  #restarts = 0;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  async facts(): Promise<ServerFacts | Failure> {
    const open = await this.#open();
    if ('code' in open) return open;
    const { client } = open;
    const version = client.getServerVersion();
    return {
      name: version?.name ?? this.#options.name,
      version: version?.version ?? '',
      protocol: client.getNegotiatedProtocolVersion() ?? '',
      instructions: client.getInstructions() ?? null,
    };
  }

  async tools(): Promise<Answer<readonly Tool[]>> {
    return this.#ask(async (client, options) => (await client.listTools(undefined, options)).tools);
  }

  resources(): Promise<Answer<readonly Resource[]>> {
    return this.#ask(async (client, options) => (await client.listResources(undefined, options)).resources);
  }

  readResource(uri: string): Promise<Answer<ReadResourceResult>> {
    return this.#ask((client, options) => client.readResource({ uri }, options));
  }

  prompts(): Promise<Answer<readonly Prompt[]>> {
    return this.#ask(async (client, options) => (await client.listPrompts(undefined, options)).prompts);
  }

  prompt(name: string, args: Readonly<Record<string, string>>): Promise<Answer<GetPromptResult>> {
    return this.#ask((client, options) => client.getPrompt({ name, arguments: args }, options));
  }

  callTool(
    name: string,
    args: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<Answer<CallToolResult>> {
    return this.#ask(
      (client, options) =>
        client.callTool(
          { name, arguments: args },
          { ...options, signal, resetTimeoutOnProgress: true, onprogress: () => undefined },
        ),
      signal,
    );
  }

  /** Ends the connection, and the server when it is a process of ours. */
  async close(): Promise<void> {
    this.#closed = true;
    const open = await this.#opening;
    this.#opening = null;
    if (open !== null && !('code' in open)) await open.client.close().catch(() => undefined);
    else await this.#process?.close();
  }

  async #ask<T>(
    work: (client: Client, options: { timeout: number }) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<Answer<T>> {
    const open = await this.#open();
    if ('code' in open) return { failed: 'unreachable', reason: open.message };
    try {
      return { value: await work(open.client, { timeout: timeouts.call }) };
    } catch (error) {
      if (signal?.aborted === true) return { failed: 'cancelled', reason: 'the run ended' };
      return this.#faultOf(error, open);
    }
  }

  #faultOf(error: unknown, open: Open): { failed: ConnectionFault; reason: string } {
    if (error instanceof ProtocolError) return { failed: 'refused', reason: error.message };
    const said = error instanceof Error ? error.message : String(error);
    const exit = open.process?.exit ?? null;
    if (exit !== null)
      return { failed: 'lost', reason: `the server has ended (${exit})${this.#lastWords()}` };
    if (error instanceof SdkError) {
      if (error.code === SdkErrorCode.RequestTimeout)
        return { failed: 'lost', reason: `no answer within ${timeouts.call / 1000} s` };
      if (error.code === SdkErrorCode.InvalidResult) return { failed: 'refused', reason: said };
      if (error.code === SdkErrorCode.CapabilityNotSupported) return { failed: 'refused', reason: said };
    }
    return { failed: 'lost', reason: said };
  }

  /** The last line of the server's standard error, which mostly says why it ended. */
  #lastWords(): string {
    const last = (this.#process?.errors ?? '').trim().split('\n').at(-1) ?? '';
    return last === '' ? '' : `: ${last.slice(0, 300)}`;
  }

  async #open(): Promise<Open | Failure> {
    if (this.#closed) return failure('cancelled', 'The run has ended.');
    const opened = await this.#opening;
    // One that ended while nobody asked is started again, but not for ever.
    if (opened !== null && !('code' in opened) && opened.process?.exit != null && this.#restarts < 1) {
      this.#restarts += 1;
      this.#opening = null;
    }
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async #connect(): Promise<Open | Failure> {
    const { launch } = this.#options;
    try {
      if (launch.kind === 'stdio') return await this.#connectProcess(launch);
      return await this.#connectUrl(launch);
    } catch (error) {
      return this.#unreachable(error);
    }
  }

  /** A server from before the newest revision may end at the question for it: then it is started as what it is. */
  async #connectProcess(launch: Extract<Launch, { kind: 'stdio' }>): Promise<Open> {
    const first = this.#newProcess(launch);
    try {
      return await this.#handshake(first, 'auto', first);
    } catch (error) {
      if (first.exit === null || !(error instanceof SdkError)) throw error;
      const second = this.#newProcess(launch);
      return this.#handshake(second, 'legacy', second);
    }
  }

  async #connectUrl({ url, headers, transport }: Extract<Launch, { kind: 'http' }>): Promise<Open> {
    const address = new URL(url);
    const requestInit = { headers: { ...headers } };
    if (transport === 'sse')
      return this.#handshake(new SSEClientTransport(address, { requestInit }), 'legacy');
    try {
      return await this.#handshake(new StreamableHTTPClientTransport(address, { requestInit }), 'auto');
    } catch (error) {
      // A server that knows only the transport before this one answers 404 or 405.
      if (!isMissingEndpoint(error)) throw error;
      return this.#handshake(new SSEClientTransport(address, { requestInit }), 'legacy');
    }
  }

  async #handshake(
    transport: Transport,
    mode: 'auto' | 'legacy',
    process: ServerProcess | null = null,
  ): Promise<Open> {
    const { version } = this.#options;
    const client = new Client(
      { name: 'kosmo', version },
      { versionNegotiation: { mode, probe: { timeoutMs: timeouts.probe } } },
    );
    try {
      await client.connect(transport, { timeout: timeouts.connect });
    } catch (error) {
      await transport.close().catch(() => undefined);
      throw error;
    }
    return { client, process };
  }

  #newProcess(launch: Extract<Launch, { kind: 'stdio' }>): ServerProcess {
    const { folder, environment } = this.#options;
    this.#process = new ServerProcess(launch, folder, environment);
    return this.#process;
  }

  #unreachable(error: unknown): Failure {
    const { name, launch } = this.#options;
    const exit = this.#process?.exit ?? null;
    const said = error instanceof Error ? error.message : String(error);
    const reason = exit === null ? said : `it ended before it answered (${exit})${this.#lastWords()}`;
    return failure('network_error', `The MCP server ${name} cannot be reached: ${reason}.`, {
      hint:
        launch.kind === 'stdio'
          ? 'Run its command by hand: kosmo mcp:list shows it.'
          : 'Check its URL, and that it is running.',
      details: { server: name },
    });
  }
}

function isMissingEndpoint(error: unknown): boolean {
  const status = error instanceof SdkError && 'status' in error ? error.status : null;
  return status === 404 || status === 405;
}
