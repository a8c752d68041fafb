import { createInterface, type Interface } from 'node:readline';
import type { Runtime, Session } from '../../runtime/index.ts';
import { KosmoError } from '../../support/errors.ts';
import { approver } from '../approve.ts';
import { writeOut } from '../output.ts';
import { renderError } from '../render-error.ts';
import { readHistory, saveHistory } from '../repl-history.ts';
import { ReplQuestions } from '../repl-questions.ts';

type Settings = Omit<Parameters<Runtime['openSession']>[0], 'name' | 'approve'> & {
  /** Whether a program or `--json` was given, which have no meaning here. */
  readonly given: boolean;
};

const prompts = { first: '> ', more: '>> ' };

/** How long a line may take to stop by itself, in milliseconds, before its thread is ended. */
const patience = 1_500;

const help = `Lines of Lua share one state; a local is kept as well. An expression shows what it gives.
  :doc NAME   shows a page of the documentation, such as :doc workos.list_users
  :calls      lists the calls made so far
  :quit       leaves, as Ctrl-D does
Ctrl-C stops a line that runs, declines a question, or throws away what was typed. Tab completes names and arguments.
`;

/** `--repl`: reads lines and shows what they give, until the input ends. */
export async function repl(runtime: Runtime, { given, ...settings }: Settings): Promise<number> {
  if (given) {
    throw new KosmoError('usage', '--repl takes no program and no --json.', {
      hint: 'Type lines, or leave --repl away.',
    });
  }
  // Asked on the terminal that lines are typed on: a second reader would have the answer run as Lua.
  const terminal = process.stdin.isTTY === true;
  const approve = terminal ? approver(async (question) => (await questions.ask(question)) ?? 'no') : null;
  if (terminal) attendFrom(runtime, () => questions);
  const session = runtime.openSession({
    ...settings,
    name: 'repl',
    ...(approve === null ? {} : { approve }),
  });
  const lines: Interface = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal,
    history: terminal ? readHistory(runtime.home) : [],
    historySize: 1_000,
    removeHistoryDuplicates: true,
    completer: (text: string, done: (error: null, found: [string[], string]) => void) => {
      void session.complete(text).then(
        ({ names, replaces }) => done(null, [names, replaces]),
        () => done(null, [[], text]),
      );
    },
  });
  const questions = new ReplQuestions(lines);
  if (terminal) process.stdout.write('kosmo: Lua 5.4. :help says what else there is, Ctrl-D leaves.\n');
  const history: string[] = [];
  try {
    await new Loop({ runtime, session, lines, questions, terminal, history }).run();
  } finally {
    lines.close();
    if (terminal) saveHistory(runtime.home, history);
    await runtime.release();
  }
  return 0;
}

/** Has what MCP servers ask asked where lines are typed. */
function attendFrom(runtime: Runtime, questions: () => ReplQuestions): void {
  runtime.mcp.attend({
    asker: async (question) => {
      const { askOnTerminal } = await import('../mcp/ask-on-terminal.ts');
      return askOnTerminal(question, (...asked) => questions().askFor(...asked));
    },
  });
}

interface LoopParts {
  readonly runtime: Runtime;
  readonly session: Session;
  readonly lines: Interface;
  readonly questions: ReplQuestions;
  readonly terminal: boolean;
  /** What was run, for the file. */
  readonly history: string[];
}

/** Reads and runs, one after another. What is typed while a line runs waits for its turn. */
class Loop {
  readonly #runtime: Runtime;
  readonly #session: Session;
  readonly #lines: Interface;
  readonly #questions: ReplQuestions;
  readonly #terminal: boolean;
  readonly #history: string[];
  readonly #waiting: string[] = [];
  #closed = false;
  #next: (() => void) | null = null;
  /** The beginning of something that is not finished. */
  #pending = '';
  #running = false;

  constructor({ runtime, session, lines, questions, terminal, history }: LoopParts) {
    this.#runtime = runtime;
    this.#session = session;
    this.#lines = lines;
    this.#questions = questions;
    this.#terminal = terminal;
    this.#history = history;
    lines.on('line', (line) => {
      this.#waiting.push(line);
      this.#next?.();
    });
    lines.on('close', () => {
      this.#closed = true;
      this.#next?.();
    });
    lines.on('SIGINT', () => this.#interrupt());
    process.on('SIGINT', () => this.#interrupt());
  }

  async run(): Promise<void> {
    for (;;) {
      const line = await this.#read();
      if (line === null) return;
      if (this.#pending === '' && line.trim() === '') continue;
      if (this.#pending === '' && line.startsWith(':')) {
        if (line.trim() === ':quit') return;
        await this.#command(line.trim());
      } else {
        await this.#execute(line);
      }
    }
  }

  async #read(): Promise<string | null> {
    // The terminal may be gone since a line began to run.
    if (this.#terminal && !this.#closed) {
      this.#lines.setPrompt(this.#pending === '' ? prompts.first : prompts.more);
      this.#lines.prompt();
    }
    while (this.#waiting.length === 0 && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#next = resolve;
      });
    }
    return this.#waiting.shift() ?? (this.#pending === '' ? null : this.#unfinished());
  }

  /** The input has ended within something: it is run as it is, so that what is missing is told. */
  #unfinished(): string | null {
    const whole = this.#pending;
    this.#pending = '';
    if (whole !== '') process.stderr.write('error: the input ended before the line was finished\n');
    return null;
  }

  async #execute(line: string): Promise<void> {
    const source = this.#pending === '' ? line : `${this.#pending}\n${line}`;
    this.#running = true;
    const outcome = await this.#session.run(source, (text) => process.stdout.write(text));
    this.#running = false;
    if (outcome.incomplete) {
      this.#pending = source;
      return;
    }
    this.#pending = '';
    this.#history.push(source.replaceAll('\n', ' '));
    if (outcome.error !== null) process.stderr.write(renderError(outcome.error));
    if (outcome.stopped) process.stderr.write('The state was lost with it; a new one begins.\n');
  }

  async #command(line: string): Promise<void> {
    const [name = '', ...rest] = line.split(/\s+/);
    const argument = rest.join(' ');
    switch (name) {
      case ':doc': {
        const page = await (await this.#runtime.docs()).read(argument === '' ? 'overview' : argument);
        if ('code' in page) process.stderr.write(renderError(page));
        else await writeOut(page.markdown);
        return;
      }
      case ':calls':
        for (const { function: called, account, status, duration_ms, error } of this.#session.calls) {
          await writeOut(`${called} (${account}) ${error ?? status} ${duration_ms.toFixed(1)} ms\n`);
        }
        if (this.#session.calls.length === 0) await writeOut('No calls were made.\n');
        return;
      case ':help':
        await writeOut(help);
        return;
      default:
        process.stderr.write(`error: there is no ${name}. There are :doc, :calls, :help and :quit.\n`);
    }
  }

  #interrupt(): void {
    if (this.#questions.cancel()) {
      this.#emptyLine();
      return;
    }
    if (this.#running) {
      this.#session.interrupt();
      // Inside one long step, such as a search without end, nothing looks: then the whole thread is ended.
      setTimeout(() => {
        if (this.#running) this.#session.stop();
      }, patience).unref();
      return;
    }
    this.#pending = '';
    if (!this.#terminal) {
      this.#closed = true;
      this.#next?.();
      return;
    }
    this.#emptyLine();
    this.#lines.setPrompt(prompts.first);
    this.#lines.prompt();
  }

  /** What stands on the line is thrown away. */
  #emptyLine(): void {
    process.stdout.write('\n');
    this.#lines.write(null, { ctrl: true, name: 'e' });
    this.#lines.write(null, { ctrl: true, name: 'u' });
  }
}
