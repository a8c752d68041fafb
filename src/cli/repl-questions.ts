import type { Interface } from 'node:readline';
import { InTurn } from './in-turn.ts';

/**
 * Questions on the terminal that lines of Lua are typed on, one at a time: a second reader beside the one of the lines
 * would have answers run as Lua.
 */
export class ReplQuestions {
  readonly #lines: Interface;
  readonly #turns = new InTurn();
  #giveUp: (() => void) | null = null;

  constructor(lines: Interface) {
    this.#lines = lines;
    // The end of the input is no answer either.
    lines.on('close', () => this.cancel());
  }

  /** Asks for a line; null when the person answers with Ctrl-C, or nobody is there any more. */
  ask(question: string): Promise<string | null> {
    return this.#turns.do(() => this.#ask(question));
  }

  /** Asks until a line is valid. @throws when nothing is answered */
  async askFor(question: string, validate: (text: string) => string | true): Promise<string> {
    for (;;) {
      const answer = await this.ask(`${question} `);
      if (answer === null) throw new Error('Nothing was answered.');
      const fault = validate(answer);
      if (fault === true) return answer;
      process.stdout.write(`> ${fault}\n`);
    }
  }

  /** Gives up the question that is open. @returns whether there was one */
  cancel(): boolean {
    const giveUp = this.#giveUp;
    this.#giveUp = null;
    giveUp?.();
    return giveUp !== null;
  }

  #ask(question: string): Promise<string | null> {
    return new Promise((resolve) => {
      const given = new AbortController();
      this.#giveUp = () => {
        given.abort();
        resolve(null);
      };
      try {
        this.#lines.question(question, { signal: given.signal }, (answer) => {
          this.#giveUp = null;
          resolve(answer);
        });
      } catch {
        // The input has ended.
        this.#giveUp = null;
        resolve(null);
      }
    });
  }
}
