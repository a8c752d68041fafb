import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type AuthProvider,
  type CallToolResult,
  Client,
  type ConnectOptions,
  type GetPromptResult,
  InsufficientScopeError,
  MissingRequiredClientCapabilityError,
  type Prompt,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  type RequestOptions,
  type Resource,
  type ResourceTemplateType,
  SdkError,
  SdkErrorCode,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  specTypeSchemas,
  type Tool,
  type Transport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { unlessAborted } from '../../support/abort.ts';
import { type Failure, failure } from '../../support/errors.ts';
import type { Launch } from '../config/server-config.ts';
import type { Answer, ConnectionFault } from './answer.ts';
import { type Asker, questionOf, resultOf, type ToolProgress } from './asking.ts';
import type { Concealed } from './concealed.ts';
import { isMissingEndpoint, tokenRefusal, wordsOf } from './error-words.ts';
import { limitedFetch } from './limited-fetch.ts';
import { refusalOf, refusalOfMethod } from './refusals.ts';
import type { ServerMemory } from './server-memory.ts';
import { ServerProcess } from './server-process.ts';
import { withoutNumber } from './server-words.ts';
import { ToolOutputs } from './tool-outputs.ts';

/** Time-outs in milliseconds. */
const timeouts = {
  /** Until a server answers whether it speaks the newest revision; one that says nothing by then is taken for older. */
  probe: 5_000,
  connect: 30_000,
  /** Without progress. */
  call: 60_000,
};

/** How long a server that was not reached is left alone at least, in milliseconds; else as long as it took to find out. */
const leastPause = 1_000;

export interface ConnectionOptions {
  readonly name: string;
  /** With its variables filled in. */
  readonly launch: Launch;
  /** The project's folder. */
  readonly folder: string;
  /** Whether the server is told of that folder. */
  readonly roots: boolean;
  /** How long a call may take without progress, in milliseconds; null for the usual. */
  readonly timeout: number | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  /** What must not be shown. */
  readonly concealed: Concealed;
  readonly memory: ServerMemory;
  /** Tokens for a server that wants one; null where the configuration has its own. */
  readonly auth: Session | null;
  /** Whoever answers a server's questions; null when nobody is there. */
  readonly asker: Asker | null;
  /** The server has other tools than before. */
  readonly onToolsChanged: () => void;
  /** How a server that is a program has ended, and the last of what it wrote to its standard error. */
  readonly onEnded: (exit: string, errors: string) => void;
}

/** The tokens of a server. */
export interface Session extends AuthProvider {
  /** Has the next sign-in ask for these scopes, too. */
  widen(scope: string): Promise<void>;
}

/** What a server said of itself when it was reached. */
export interface ServerFacts {
  readonly name: string;
  readonly version: string;
  /** The protocol revision spoken, such as `2026-07-28`. */
  readonly protocol: string;
  readonly instructions: string | null;
  /** What it offers: `tools`, `resources`, `prompts`, … */
  readonly capabilities: readonly string[];
}

interface Open {
  readonly client: Client;
  readonly process: ServerProcess | null;
}

/** A connection to one server, made when it is first needed; a server that has ended is started once more. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #ending = new AbortController();
  #opening: Promise<Open | Failure> | null = null;
  /** The connection that is open; null while there is none yet. */
  #opened: Open | null = null;
  /** What the tools that were listed last promise. */
  #outputs = new ToolOutputs([]);
  #process: ServerProcess | null = null;
  #restarts = 0;
  /** When a server that was not reached may be tried again; a time of `performance`. */
  #tryAgainAt = 0;
  readonly #refusalHearers = new Set<(reason: string) => unknown>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /**
   * Calls back with why the server is not given what it asks for.
   * @returns calls it off
   */
  hearRefusals(heard: (reason: string) => unknown): () => void {
    this.#refusalHearers.add(heard);
    return () => this.#refusalHearers.delete(heard);
  }

  /** A server's answer without what must not be shown. */
  shown<T>(value: T): T {
    return this.#options.concealed.shown(value);
  }

  /** The end of what the server wrote to its standard error. */
  get errors(): string {
    return this.shown(this.#process?.errors ?? '');
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
      capabilities: Object.keys(client.getServerCapabilities() ?? {}),
    };
  }

  async tools(): Promise<Answer<readonly Tool[]>> {
    return this.#ask(async ({ client }, options) => {
      const tools = has(client, 'tools') ? (await client.listTools(undefined, options)).tools : [];
      this.#outputs = new ToolOutputs(tools);
      return tools;
    });
  }

  resources(): Promise<Answer<readonly Resource[]>> {
    return this.#ask(async ({ client }, options) =>
      has(client, 'resources') ? (await client.listResources(undefined, options)).resources : [],
    );
  }

  resourceTemplates(): Promise<Answer<readonly ResourceTemplateType[]>> {
    return this.#ask(async ({ client }, options) =>
      has(client, 'resources')
        ? (await client.listResourceTemplates(undefined, options)).resourceTemplates
        : [],
    );
  }

  readResource(uri: string): Promise<Answer<ReadResourceResult>> {
    return this.#ask(({ client }, options) => client.readResource({ uri }, options));
  }

  prompts(): Promise<Answer<readonly Prompt[]>> {
    return this.#ask(async ({ client }, options) =>
      has(client, 'prompts') ? (await client.listPrompts(undefined, options)).prompts : [],
    );
  }

  prompt(name: string, args: Readonly<Record<string, string>>): Promise<Answer<GetPromptResult>> {
    return this.#ask(({ client }, options) => client.getPrompt({ name, arguments: args }, options));
  }

  callTool(
    tool: string,
    args: Record<string, unknown>,
    signal: AbortSignal,
    onProgress: (progress: ToolProgress) => void,
  ): Promise<Answer<CallToolResult>> {
    const { name: server } = this.#options;
    return this.#ask(
      (open, { timeout }) =>
        this.#toolResult(open, tool, args, {
          timeout,
          signal,
          resetTimeoutOnProgress: true,
          onprogress: ({ progress, total = null, message = null }) =>
            onProgress(this.shown({ server, tool, progress, total, message })),
        }),
      signal,
    );
  }

  /**
   * Over HTTP some arguments stand in headers, too, which the library sees to. A process has none: there the request is
   * made as it is, because on its other way the library parses a result that is none for each call, and looks for the
   * tool twice, which takes longer than all the rest of it.
   */
  async #toolResult(
    { client, process }: Open,
    tool: string,
    args: Record<string, unknown>,
    options: RequestOptions,
  ): Promise<CallToolResult> {
    const params = { name: tool, arguments: args };
    if (process === null) return client.callTool(params, options);
    const outputs = this.#outputs;
    const unusable = outputs.unusable(tool);
    if (unusable !== null) throw new ProtocolError(ProtocolErrorCode.InvalidParams, unusable);
    const request = { method: 'tools/call', params };
    const result = await client.request(request, specTypeSchemas.CallToolResult, options);
    const fault = outputs.fault(tool, result);
    if (fault !== null) throw new ProtocolError(ProtocolErrorCode.InvalidParams, fault);
    return result;
  }

  /** Ends the connection, and the server when it is a process of ours. One that is being started is given up. */
  async close(): Promise<void> {
    this.#ending.abort();
    const open = await this.#opening;
    this.#opening = null;
    if (open !== null && !('code' in open)) await open.client.close().catch(() => undefined);
    this.#options.memory.save();
  }

  async #ask<T>(
    work: (open: Open, options: { readonly timeout: number }) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<Answer<T>> {
    const open = this.#usable ?? (await unlessAborted(this.#open(), signal ?? this.#ending.signal));
    if (open === null) return { failed: 'cancelled', reason: 'the run ended' };
    if ('code' in open) return { failed: 'unreachable', reason: open.message };
    try {
      return { value: await work(open, { timeout: this.#callTimeout }) };
    } catch (error) {
      if (signal?.aborted === true) return { failed: 'cancelled', reason: 'the run ended' };
      const { failed, reason } = this.#faultOf(error, open);
      return { failed, reason: this.shown(reason) };
    }
  }

  /** The connection that is there already, and whose server has not ended. */
  get #usable(): Open | null {
    const open = this.#opened;
    return open === null || this.#ending.signal.aborted || open.process?.exit != null ? null : open;
  }

  get #callTimeout(): number {
    return this.#options.timeout ?? timeouts.call;
  }

  #faultOf(error: unknown, open: Open): { failed: ConnectionFault; reason: string } {
    if (error instanceof MissingRequiredClientCapabilityError) return this.#unasked(error);
    if (error instanceof ProtocolError) return { failed: 'refused', reason: withoutNumber(error.message) };
    if (error instanceof UnauthorizedError) return { failed: 'refused', reason: this.#signInWords() };
    if (error instanceof InsufficientScopeError) return this.#outOfScope(error);
    const refusal = tokenRefusal(error);
    if (refusal !== null) return { failed: 'refused', reason: `kosmo is not let in there: ${refusal}` };
    const said = wordsOf(error);
    const exit = open.process?.exit ?? null;
    if (exit !== null)
      return { failed: 'lost', reason: `the server has ended (${exit})${this.#lastWords()}` };
    if (error instanceof SdkError) {
      if (error.code === SdkErrorCode.RequestTimeout)
        return { failed: 'lost', reason: `no answer within ${this.#callTimeout / 1000} s` };
      if (error.code === SdkErrorCode.InvalidResult) return { failed: 'refused', reason: said };
      if (error.code === SdkErrorCode.CapabilityNotSupported) return { failed: 'refused', reason: said };
    }
    return { failed: 'lost', reason: said };
  }

  /** A server that wants what kosmo does not have here. */
  #unasked(error: MissingRequiredClientCapabilityError): { failed: 'refused'; reason: string } {
    const wanted = Object.keys(error.requiredCapabilities);
    const reason = refusalOf(wanted) ?? `it needs what kosmo does not offer: ${wanted.join(', ')}`;
    return { failed: 'refused', reason };
  }

  /** The token does not reach so far; the next sign-in asks for more. */
  #outOfScope({ requiredScope }: InsufficientScopeError): { failed: 'refused'; reason: string } {
    const { auth } = this.#options;
    if (requiredScope !== undefined) void auth?.widen(requiredScope).catch(() => undefined);
    const more = requiredScope === undefined ? '' : ` (it asks for ${requiredScope})`;
    return { failed: 'refused', reason: `${this.#signInWords()}${more}` };
  }

  #signInWords(): string {
    return `it wants you to sign in: kosmo mcp:login ${this.#options.name}`;
  }

  /** The last line of the server's standard error, which mostly says why it ended. */
  #lastWords(): string {
    const last = (this.#process?.errors ?? '').trim().split('\n').at(-1) ?? '';
    return last === '' ? '' : `: ${last.slice(0, 300)}`;
  }

  async #open(): Promise<Open | Failure> {
    if (this.#ending.signal.aborted) return failure('cancelled', 'The run has ended.');
    const opened = await this.#opening;
    // One that was not there may be there by now; but it is not waited for again and again.
    if (opened !== null && 'code' in opened && performance.now() > this.#tryAgainAt) this.#opening = null;
    // One that ended while nobody asked is started again, but not for ever.
    if (opened !== null && !('code' in opened) && opened.process?.exit != null && this.#restarts < 1) {
      this.#restarts += 1;
      this.#opening = null;
    }
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async #connect(): Promise<Open | Failure> {
    const { launch, memory } = this.#options;
    const { prior } = memory;
    const started = performance.now();
    try {
      const open =
        launch.kind === 'stdio'
          ? await this.#connectProcess(launch, prior)
          : await this.#connectUrl(launch, prior);
      this.#hearChanges(open.client);
      this.#opened = open;
      return open;
    } catch (error) {
      const now = performance.now();
      this.#tryAgainAt = now + Math.max(leastPause, now - started);
      return this.#unreachable(error);
    }
  }

  /** A server from before the newest revision may end at the question for it: then it is started as what it is. */
  async #connectProcess(
    launch: Extract<Launch, { kind: 'stdio' }>,
    prior: ConnectOptions['prior'],
  ): Promise<Open> {
    const first = this.#newProcess(launch);
    try {
      return await this.#handshake(first, 'auto', prior, first);
    } catch (error) {
      if (first.exit === null || !(error instanceof SdkError)) throw error;
      if (this.#ending.signal.aborted) throw error;
      if (prior !== undefined) this.#options.memory.forget();
      const second = this.#newProcess(launch);
      return this.#handshake(second, 'legacy', undefined, second);
    }
  }

  async #connectUrl(
    { url, headers, transport }: Extract<Launch, { kind: 'http' }>,
    prior: ConnectOptions['prior'],
  ): Promise<Open> {
    const { auth } = this.#options;
    const address = new URL(url);
    const options = {
      requestInit: { headers: { ...headers } },
      fetch: limitedFetch,
      ...(auth === null ? {} : { authProvider: auth }),
    };
    if (transport === 'sse')
      return this.#handshake(new SSEClientTransport(address, options), 'legacy', undefined);
    try {
      return await this.#handshake(new StreamableHTTPClientTransport(address, options), 'auto', prior);
    } catch (error) {
      if (!isMissingEndpoint(error)) throw error;
      return this.#handshake(new SSEClientTransport(address, options), 'legacy', undefined);
    }
  }

  async #handshake(
    transport: Transport,
    mode: 'auto' | 'legacy',
    prior: ConnectOptions['prior'],
    process: ServerProcess | null = null,
  ): Promise<Open> {
    const { memory } = this.#options;
    const client = this.#newClient(mode);
    const timeout = this.#options.timeout ?? timeouts.connect;
    try {
      const connecting = client.connect(transport, { timeout, ...(prior === undefined ? {} : { prior }) });
      const connected = await unlessAborted(
        connecting.then(() => true),
        this.#ending.signal,
      );
      if (connected === null) throw new Error('the run ended');
    } catch (error) {
      process?.kill();
      await transport.close().catch(() => undefined);
      throw error;
    }
    if (prior === undefined) memory.learn(client.getDiscoverResult() ?? null);
    return { client, process };
  }

  #newClient(mode: 'auto' | 'legacy'): Client {
    const { name, version, folder, roots, asker, memory, timeout } = this.#options;
    const probe = { timeoutMs: Math.min(timeouts.probe, timeout ?? timeouts.probe) };
    const client = new Client(
      { name: 'kosmo', version },
      {
        versionNegotiation: { mode, probe },
        responseCacheStore: memory,
        capabilities: {
          ...(asker === null ? {} : { elicitation: { form: {}, url: {} } }),
          ...(roots ? { roots: {} } : {}),
        },
      },
    );
    if (asker !== null) {
      client.setRequestHandler('elicitation/create', async (request) => {
        const question = questionOf(name, request);
        return resultOf(question, await asker(question));
      });
    }
    client.fallbackRequestHandler = ({ method }) => this.#refuse(method);
    if (roots) {
      const root = { uri: pathToFileURL(folder).href, name: basename(folder) };
      client.setRequestHandler('roots/list', () => ({ roots: [root] }));
    }
    return client;
  }

  /** Older servers ask for what nobody said that they may have. */
  async #refuse(method: string): Promise<never> {
    const refusal = refusalOfMethod(method);
    if (refusal !== null) for (const heard of this.#refusalHearers) heard(refusal);
    throw new ProtocolError(ProtocolErrorCode.MethodNotFound, refusal ?? `kosmo does not know ${method}.`);
  }

  #hearChanges(client: Client): void {
    if (client.getServerCapabilities()?.tools?.listChanged !== true) return;
    const { onToolsChanged } = this.#options;
    client.setNotificationHandler('notifications/tools/list_changed', onToolsChanged);
    // From 2026 on a server tells only who asks for it. Nobody waits for that.
    if (client.getProtocolEra() === 'modern')
      client.listen({ toolsListChanged: true }).catch(() => undefined);
  }

  #newProcess(launch: Extract<Launch, { kind: 'stdio' }>): ServerProcess {
    const { folder, environment, onEnded } = this.#options;
    const process = new ServerProcess(launch, folder, environment, (exit) =>
      onEnded(exit, this.shown(process.errors)),
    );
    this.#process = process;
    return process;
  }

  #unreachable(error: unknown): Failure {
    const { name, launch } = this.#options;
    if (this.#ending.signal.aborted) return failure('cancelled', 'The run has ended.');
    const details = { server: name };
    if (error instanceof InsufficientScopeError) this.#outOfScope(error);
    if (error instanceof UnauthorizedError || error instanceof InsufficientScopeError) {
      return failure('not_configured', `The MCP server ${name} wants you to sign in.`, {
        hint: `kosmo mcp:login ${name}`,
        details,
      });
    }
    const refusal = tokenRefusal(error);
    if (refusal !== null) {
      return failure(
        'token_refused',
        `kosmo is not let in to the MCP server ${name}: ${this.shown(refusal)}.`,
        {
          hint: 'Check what its configuration says under oauth.',
          details,
        },
      );
    }
    const exit = this.#process?.exit ?? null;
    const said = wordsOf(error);
    const reason = exit === null ? said : `it ended before it answered (${exit})${this.#lastWords()}`;
    return failure('network_error', `The MCP server ${name} cannot be reached: ${this.shown(reason)}.`, {
      hint:
        launch.kind === 'stdio'
          ? `kosmo mcp:doctor ${name} starts it and shows what it writes.`
          : `Check its URL, and that it is running: kosmo mcp:doctor ${name}`,
      details,
    });
  }
}

/** Whether a server has anything of the kind. Asked all the same, the library would write about it to standard output. */
function has(client: Client, kind: 'tools' | 'resources' | 'prompts'): boolean {
  return client.getServerCapabilities()?.[kind] !== undefined;
}
