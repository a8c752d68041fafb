import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '../../src/support/json.ts';

export const repository = join(import.meta.dirname, '../..');
/** Loaded before a program, it tells how much memory the process took at most. */
export const peakMemoryProbe = join(repository, 'bench/harness/peak-memory.cjs');
export const binary = join(repository, 'dist/cli/main.cjs');

/** How a run of the real command ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `--json` envelope, read as the tests need it. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export type Envelope = Record<string, any>;

/** A home of its own for a test, and the command run in it with no other configuration than is given. */
export class Kosmo {
  readonly home = mkdtempSync(join(tmpdir(), 'kosmo-e2e-'));
  readonly #variables: Readonly<Record<string, string>>;

  constructor(variables: Readonly<Record<string, string>> = {}) {
    this.#variables = variables;
  }

  start(
    args: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [binary, ...args], { cwd: repository, env: this.environment(more) });
  }

  /** The variables the command is run with, and no others. */
  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const { PATH = '' } = process.env;
    return {
      PATH,
      HOME: this.home,
      KOSMO_HOME: join(this.home, 'kosmo'),
      // A test leaves no trace in the keyring of whoever runs it.
      KOSMO_KEYRING: 'off',
      ...this.#variables,
      ...more,
    };
  }

  async run(
    args: readonly string[],
    input = '',
    more: Readonly<Record<string, string>> = {},
  ): Promise<Ended> {
    const child = this.start(args, more);
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    return ended(child);
  }

  /** Runs the command in a shell that was told something first, such as a limit. */
  async runUnder(preparation: string, args: readonly string[]): Promise<Ended> {
    const { PATH = '' } = process.env;
    const env = { PATH, HOME: this.home, KOSMO_HOME: join(this.home, 'kosmo'), KOSMO_KEYRING: 'off' };
    const line = `${preparation}; exec "$0" "$@"`;
    const child = spawn('bash', ['-c', line, process.execPath, binary, ...args], { cwd: repository, env });
    child.stdin.end();
    return ended(child);
  }

  /** Runs a Lua program with `--json`. Whatever comes of it, stdout must be one JSON object and nothing else. */
  async lua(program: string, ...options: readonly string[]): Promise<Envelope & { status: number | null }> {
    const { status, stdout } = await this.run(['integrations:lua', '--json', '--eval', program, ...options]);
    return { ...envelopeOf(stdout), status };
  }

  /** What is still ending may write its last lines meanwhile. */
  remove(): void {
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}

export function envelopeOf(stdout: string): Envelope {
  if (!stdout.endsWith('\n') || stdout.trim().includes('\n')) throw new Error(`not one line: ${stdout}`);
  return JSON.parse(stdout) as Envelope;
}

/** A request as a test's API received it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An API of the test's own on a loopback port. */
export class TestApi {
  readonly received: Received[] = [];
  readonly #server: Server;

  private constructor(answer: (request: Received, response: ServerResponse) => void) {
    this.#server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const received = { method, url, headers, body };
        this.received.push(received);
        answer(received, response);
      });
    });
  }

  static async open(answer: (request: Received, response: ServerResponse) => void): Promise<TestApi> {
    const api = new TestApi(answer);
    api.#server.listen(0, '127.0.0.1');
    await once(api.#server, 'listening');
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_test' });
  response.end(JSON.stringify(body));
}
