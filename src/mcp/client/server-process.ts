import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { type JSONRPCMessage, serializeMessage, type Transport } from '@modelcontextprotocol/client';
import type { Launch } from '../config/server-config.ts';
import { withinVariable } from '../within.ts';
import { MessageLines, messageOf } from './message-lines.ts';

/** How much of what a server writes to its standard error is kept, in characters. */
const keptErrors = 8_000;

/** The largest message a server may send, in bytes. */
export const largestMessage = 50 * 1024 * 1024;

/** How long a server may take to end by itself, in milliseconds, when its input has ended. */
const patience = 1_500;

/**
 * Runs the program with a watcher beside it in a process group of their own. The watcher reads a pipe that only kosmo
 * holds open: when kosmo is gone, however it went, the pipe ends, and the group is ended with it.
 */
const watched = [
  '( trap "" TERM; read -r _ <&3; sleep 1; kill -KILL -$$ ) >/dev/null 2>&1 </dev/null &',
  'exec 3<&-',
  'exec "$@"',
].join('\n');

/** Variables a server is given beside its own: what programs need to run at all, and nothing that holds a secret. */
const inherited = [
  'HOME',
  'LANG',
  'LC_ALL',
  'LOGNAME',
  'PATH',
  'SHELL',
  'TERM',
  'TMPDIR',
  'TZ',
  'USER',
  'NODE_EXTRA_CA_CERTS',
];

/**
 * A server that is a program: one message a line on its standard input and output. What is no message on its output is
 * kept as if it were an error.
 */
export class ServerProcess implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #launch: Extract<Launch, { kind: 'stdio' }>;
  readonly #folder: string;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly #lines = new MessageLines(largestMessage);
  readonly #onEnded: (exit: string) => void;
  #process: ChildProcess | null = null;
  /** Why it was ended, when it was for what it sent. */
  #fault: string | null = null;
  #closing = false;
  #ended: Promise<void> = Promise.resolve();
  #errors = '';
  /** How it ended, when it ended by itself. */
  exit: string | null = null;

  /** @param onEnded called when it has ended by itself, with how */
  constructor(
    launch: Extract<Launch, { kind: 'stdio' }>,
    folder: string,
    environment: Readonly<Record<string, string | undefined>>,
    onEnded: (exit: string) => void,
  ) {
    this.#onEnded = onEnded;
    this.#launch = launch;
    this.#folder = folder;
    this.#environment = environment;
  }

  /** The end of what it wrote to its standard error. */
  get errors(): string {
    return this.#errors;
  }

  async start(): Promise<void> {
    const { command, args, env, cwd } = this.#launch;
    const given = inherited.flatMap((name) => {
      const value = this.#environment[name];
      return value === undefined ? [] : [[name, value]];
    });
    const options = {
      cwd: cwd ?? this.#folder,
      env: { ...Object.fromEntries(given), ...env, [withinVariable]: '1' },
    };
    const child =
      process.platform === 'win32'
        ? spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true })
        : spawn('/bin/sh', ['-c', watched, 'sh', command, ...args], {
            ...options,
            stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
            detached: true,
          });
    this.#process = child;
    // Both ends of a pipe may break when the server goes; its exit is what tells.
    for (const stream of [child.stdin, child.stdio[3]]) stream?.on('error', () => undefined);
    child.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#note(text));
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.exit = this.#fault ?? (signal === null ? `exit code ${code}` : `signal ${signal}`);
        this.#release();
        if (!this.#closing) this.#onEnded(this.exit);
        resolve();
        this.onclose?.();
      });
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const input = this.#process?.stdin;
    if (input === null || input === undefined || this.exit !== null)
      throw new Error('the server is not running');
    await new Promise<void>((resolve, reject) => {
      input.write(serializeMessage(message), (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Ends its input, and the process too when that does not end it. */
  async close(): Promise<void> {
    const child = this.#process;
    if (child === null) return;
    this.#closing = true;
    child.stdin?.end();
    const timers = [
      setTimeout(() => this.#kill('SIGTERM'), patience / 2),
      setTimeout(() => this.#kill('SIGKILL'), patience),
    ];
    await this.#ended;
    for (const timer of timers) clearTimeout(timer);
  }

  /** Ends it at once. */
  kill(): void {
    this.#kill('SIGKILL');
  }

  /** Lets go of the pipe the watcher reads, which ends whatever is left of the group. */
  #release(): void {
    (this.#process?.stdio[3] as Writable | null | undefined)?.destroy();
  }

  #kill(signal: NodeJS.Signals): void {
    const pid = this.#process?.pid;
    if (pid === undefined || this.exit !== null) return;
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, signal);
    } catch {
      // It has ended in between.
    }
  }

  #read(chunk: Buffer): void {
    const lines = this.#lines.add(chunk);
    if (lines === null) {
      this.#fault ??= `it sent a message of more than ${largestMessage / 1024 ** 2} MB`;
      this.kill();
      return;
    }
    for (const line of lines) {
      if (line.trim() === '') continue;
      const message = messageOf(line);
      if (message === null)
        this.#note(`kosmo: on its output, which is for messages: ${line.slice(0, 200)}\n`);
      else this.onmessage?.(message);
    }
  }

  #note(text: string): void {
    this.#errors = (this.#errors + text).slice(-keptErrors);
  }
}
