import { InTurn } from './in-turn.ts';
import { isWatched } from './terminal.ts';

/** How long something takes before anybody wonders, in milliseconds. */
const patience = 1_000;
const interval = 120;
const frames = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';

/**
 * A line on stderr that shows that something goes on, from the first second on, where a person looks: nothing is
 * written unless stderr is a terminal.
 */
export class Progress {
  readonly #what: string;
  readonly #started = performance.now();
  readonly #timer: NodeJS.Timeout | null;
  #words = '';
  #shown = false;
  #held = false;
  readonly #turns = new InTurn();

  /** @param what is going on: `list_users` */
  constructor(what: string) {
    this.#what = what;
    const seen = isWatched() && process.env['TERM'] !== 'dumb';
    this.#timer = seen ? setInterval(() => this.#draw(), interval) : null;
    this.#timer?.unref();
  }

  /** Says how far it has come. */
  say(words: string): void {
    this.#words = words;
  }

  /** Takes the line away while something else is written; it comes back. */
  clear(): void {
    if (this.#shown) process.stderr.write('\r\x1b[K');
    this.#shown = false;
  }

  /** Keeps out of the way while a person is asked something, one thing after the other. */
  aside<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    return this.#turns.do(() => this.#aside(ask));
  }

  async #aside<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    this.clear();
    this.#held = true;
    try {
      return await ask();
    } finally {
      this.#held = false;
    }
  }

  end(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.clear();
  }

  #draw(): void {
    const elapsed = performance.now() - this.#started;
    if (elapsed < patience || this.#held) return;
    const frame = frames[Math.floor(elapsed / interval) % frames.length] ?? '';
    const words = this.#words === '' ? '' : `: ${this.#words}`;
    const line = `${frame} ${this.#what}${words}, ${(elapsed / 1000).toFixed(0)} s`;
    process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
    this.#shown = true;
  }
}
