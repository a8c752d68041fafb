import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldStdioTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as OldHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { binary, type Envelope, type Kosmo, repository } from './kosmo.ts';

/** A tool's answer as the tests look at it, whichever client it came through. */
export interface Answer {
  readonly text: string;
  readonly data: Envelope;
  readonly isError: boolean;
}

/** A client of a gateway, of the line of the official library that it is made with. */
export interface GatewayClient {
  readonly protocol: string | undefined;
  /** The process that serves it. */
  readonly pid: number | null;
  call(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<Answer>;
  lua(code: string, options?: CallOptions): Promise<Answer>;
  tools(): Promise<
    { name: string; annotations?: unknown; inputSchema: unknown; description?: string | undefined }[]
  >;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { progress: number; message?: string | undefined }) => void;
}

/** What a person says to a client that asks: the text shown, answered with what to do. */
export type Person = (message: string) => 'accept' | 'decline' | 'cancel';

export interface ConnectOptions {
  /** Whoever answers what the client is asked; none for a client that cannot ask. */
  readonly person?: Person | undefined;
  /** `auto` finds out what the gateway speaks. */
  readonly mode?: 'auto' | 'legacy';
  /** Has another process start the gateway, so that to it this one is not its client. */
  readonly apart?: boolean;
}

/** The official client of today, over stdio. */
export async function connect(
  kosmo: Kosmo,
  args: readonly string[],
  { person, mode = 'auto', apart }: ConnectOptions = {},
): Promise<GatewayClient> {
  const transport = new StdioClientTransport(commandOf(kosmo, args, apart));
  const client = newClient(person, mode);
  await client.connect(transport);
  return shaped(client, transport.pid);
}

function newClient(person: Person | undefined, mode: 'auto' | 'legacy'): Client {
  const client = new Client(
    { name: 'test-client', version: '1.2.3' },
    { versionNegotiation: { mode }, capabilities: person === undefined ? {} : { elicitation: {} } },
  );
  if (person !== undefined) {
    client.setRequestHandler('elicitation/create', ({ params }) => ({
      action: person(params.message),
      content: {},
    }));
  }
  return client;
}

function shaped(client: Client, pid: number | null): GatewayClient {
  const call: GatewayClient['call'] = async (name, given = {}, options = {}) =>
    answerOf(await client.callTool({ name, arguments: given }, options));
  return {
    protocol: client.getNegotiatedProtocolVersion(),
    pid,
    call,
    lua: (code, options) => call('execute_lua', { code }, options),
    tools: async () => (await client.listTools()).tools,
    close: () => client.close(),
  };
}

/** The official client of the years before, over stdio. */
export async function connectOld(
  kosmo: Kosmo,
  args: readonly string[],
  { person, apart }: ConnectOptions = {},
): Promise<GatewayClient> {
  const transport = new OldStdioTransport(commandOf(kosmo, args, apart));
  const client = newOldClient(person);
  await client.connect(transport);
  return shapedOld(client, transport.pid);
}

function newOldClient(person: Person | undefined): OldClient {
  const client = new OldClient(
    { name: 'old-client', version: '0.9' },
    { capabilities: person === undefined ? {} : { elicitation: {} } },
  );
  if (person !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => ({
      action: person(params.message),
      content: {},
    }));
  }
  return client;
}

function shapedOld(client: OldClient, pid: number | null): GatewayClient {
  const call: GatewayClient['call'] = async (name, given = {}, options = {}) =>
    answerOf(await client.callTool({ name, arguments: given }, undefined, options));
  return {
    protocol: undefined,
    pid,
    call,
    lua: (code, options) => call('execute_lua', { code }, options),
    tools: async () => (await client.listTools()).tools,
    close: () => client.close(),
  };
}

/** The official client of today, over HTTP. */
export async function connectHttp(
  url: string,
  { person, mode = 'auto', headers = {} }: ConnectOptions & { headers?: Record<string, string> } = {},
): Promise<GatewayClient> {
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
  const client = newClient(person, mode);
  await client.connect(transport);
  return shaped(client, null);
}

/** The official client of the years before, over HTTP. */
export async function connectOldHttp(url: string, { person }: ConnectOptions = {}): Promise<GatewayClient> {
  const transport = new OldHttpTransport(new URL(url));
  const client = newOldClient(person);
  // Its types say that a session may be undefined where its interface says that it is left out.
  await client.connect(transport as Parameters<OldClient['connect']>[0]);
  return shapedOld(client, null);
}

/** How a client starts the gateway, with a home of the test's own. */
export function commandOf(kosmo: Kosmo, args: readonly string[], apart = false) {
  const between = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' }).on('exit', (code) => process.exit(code ?? 1))`;
  return {
    command: process.execPath,
    args: [...(apart ? ['-e', between] : []), binary, 'mcp:serve', ...args],
    env: kosmo.environment(),
    cwd: repository,
    stderr: 'pipe' as const,
  };
}

export function answerOf(result: object): Answer {
  const { content, structuredContent, isError } = result as {
    content: { text: string }[];
    structuredContent?: Envelope;
    isError?: boolean;
  };
  return { text: content[0]?.text ?? '', data: structuredContent ?? {}, isError: isError === true };
}
