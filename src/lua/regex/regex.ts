import { type Match, type Pattern, PatternFault, Pcre2, type Subject } from './pcre2.ts';
import { readPattern } from './written-pattern.ts';

/** How many compiled patterns are kept. */
const mostPatterns = 64;

/** A pattern, and the same pattern where it must match something and at once. */
interface Compiled {
  readonly pattern: Pattern;
  readonly onward: Pattern | null;
  /** How many goings through a text use it: a callback may use other patterns in the middle of one. */
  users: number;
}

/** Regular expressions for one run: matching text, and going through all matches as PHP does. */
export class Regex {
  readonly #engine: Pcre2;
  readonly #compiled = new Map<string, Compiled>();

  constructor(module: WebAssembly.Module) {
    this.#engine = new Pcre2(module);
  }

  /** Whether its engine has failed, so that another must take its place. */
  get broken(): boolean {
    return this.#engine.broken;
  }

  /**
   * The matches of a pattern in a text, one after another, as the groups' texts: null for a group without part.
   * @throws PatternFault with its place in the pattern as it was written
   * @throws MatchFault
   */
  *matches(written: string, text: string): Generator<FoundMatch> {
    const compiled = this.#compile(written);
    const { pattern, onward } = compiled;
    const subject = this.#engine.enter(text);
    compiled.users += 1;
    try {
      let offset = 0;
      let wasEmpty = false;
      while (offset <= text.length) {
        const match: Match | null = this.#next(pattern, onward, subject, offset, wasEmpty);
        const whole = match?.[0] ?? null;
        if (match === null || whole === null) {
          if (!wasEmpty) return;
          // Nothing but the empty match begins here: on to the next character.
          offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
          wasEmpty = false;
          continue;
        }
        yield {
          start: whole.start,
          // A pattern with \K can say that it ends before it begins.
          end: Math.max(whole.start, whole.end),
          groups: match.map((group) => (group === null ? null : text.slice(group.start, group.end))),
          names: pattern.names,
        };
        wasEmpty = whole.end <= whole.start || whole.end <= offset;
        offset = Math.max(offset, whole.end);
      }
    } finally {
      compiled.users -= 1;
      subject.leave();
    }
  }

  #next(pattern: Pattern, onward: Pattern | null, subject: Subject, offset: number, wasEmpty: boolean) {
    if (!wasEmpty) return pattern.match(subject, offset);
    return onward?.match(subject, offset) ?? null;
  }

  #compile(written: string): Compiled {
    const known = this.#compiled.get(written);
    if (known !== undefined) return known;
    const { text, skipped, prefix, flags } = readPattern(written);
    let compiled: Compiled;
    try {
      const pattern = this.#engine.compile(prefix + text, flags);
      compiled = { pattern, onward: this.#onward(text, prefix, flags), users: 0 };
    } catch (error) {
      if (!(error instanceof PatternFault)) throw error;
      throw new PatternFault(error.message, Math.max(0, error.offset - prefix.length) + skipped);
    }
    if (this.#compiled.size >= mostPatterns) this.#forget();
    this.#compiled.set(written, compiled);
    return compiled;
  }

  /** After an empty match: what matches right there and is not empty. Not every pattern can be put into a group. */
  #onward(text: string, prefix: string, flags: string): Pattern | null {
    try {
      return this.#engine.compile(`${prefix}\\G(?:${text}${flags.includes('x') ? '\n' : ''})(?!\\G)`, flags);
    } catch (error) {
      if (error instanceof PatternFault) return null;
      throw error;
    }
  }

  /** Forgets every pattern that nothing uses. */
  #forget(): void {
    for (const [written, { pattern, onward, users }] of this.#compiled) {
      if (users > 0) continue;
      pattern.destroy();
      onward?.destroy();
      this.#compiled.delete(written);
    }
  }
}

export interface FoundMatch {
  readonly start: number;
  readonly end: number;
  /** The whole first. */
  readonly groups: readonly (string | null)[];
  /** Group number → name. */
  readonly names: ReadonlyMap<number, string>;
}
