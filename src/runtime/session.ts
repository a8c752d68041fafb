import type { CallRecord } from '../call/index.ts';
import type { Resolved, ScriptOutcome } from '../lua/index.ts';
import type { Failure } from '../support/errors.ts';
import { isJsonObject, type JsonValue } from '../support/json.ts';
import { luaKeywords } from '../support/lua-keywords.ts';

/** What a session needs of the runtime. */
export interface SessionParts {
  /** Runs one line in the session's state. */
  run(
    source: string,
    onOutput: (text: string) => void,
  ): Promise<ScriptOutcome & { calls: readonly CallRecord[] }>;
  /** Where a path of names leads, without running anything of the program's. */
  lookUp(path: readonly string[]): Promise<JsonValue>;
  interrupt(): void;
  stop(): void;
  resolve(path: readonly string[]): Resolved | Failure;
  argumentNames(operation: Extract<Resolved, { kind: 'function' }>): string[];
}

/** Lines of Lua that share one state, as a person types them. */
export class Session {
  /** Every call the session has made. */
  readonly calls: CallRecord[] = [];
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Runs a line, or several. What an expression gives is printed, as the readable text of its values. */
  async run(source: string, onOutput: (text: string) => void): Promise<ScriptOutcome> {
    const outcome = await this.#parts.run(source, onOutput);
    this.calls.push(...outcome.calls);
    return outcome;
  }

  /** Ends the line that runs with an error; what the session knows stays. */
  interrupt(): void {
    this.#parts.interrupt();
  }

  /** Ends the line that runs, whatever it is doing, and the state with it. */
  stop(): void {
    this.#parts.stop();
  }

  /** What the text before the cursor may go on as, and how much of its end that replaces. */
  async complete(text: string): Promise<{ readonly names: string[]; readonly replaces: string }> {
    const [, path = ''] = /([A-Za-z_][\w.]*)\s*\(?\s*\{[^{}]*$/.exec(text) ?? [];
    const word = /\w*$/.exec(text)?.[0] ?? '';
    if (path !== '' && /[{,;]\s*\w*$/.test(text)) {
      const names = await this.#argumentNames(path);
      if (names.length > 0)
        return { names: matching(names, word).map((name) => `${name} = `), replaces: word };
    }
    const [, base] = /([A-Za-z_][\w.]*)\.\w*$/.exec(text) ?? [];
    const names =
      base === undefined ? [...luaKeywords, ...(await this.#keys([]))] : await this.#keys(base.split('.'));
    return { names: matching(names, word), replaces: word };
  }

  /** The names of the arguments of what a path stands for; none when that is no function of an integration. */
  async #argumentNames(path: string): Promise<string[]> {
    const { integration } = await this.#lookUp(path.split('.'));
    const found = integration === null ? null : this.#parts.resolve(integration);
    return found !== null && 'kind' in found && found.kind === 'function'
      ? this.#parts.argumentNames(found)
      : [];
  }

  /** The names in a table. */
  async #keys(path: readonly string[]): Promise<string[]> {
    const { names, integration } = await this.#lookUp(path);
    if (integration === null) return names;
    const found = this.#parts.resolve(integration);
    return 'names' in found ? [...found.names] : [];
  }

  /** Where a path of names leads: into `app.integrations`, or to a table of the program's with these names. */
  async #lookUp(path: readonly string[]): Promise<{ names: string[]; integration: string[] | null }> {
    const found = await this.#parts.lookUp(path);
    if (!isJsonObject(found)) return { names: [], integration: null };
    const { names, label, rest } = found;
    if (typeof label !== 'string') return { names: texts(names), integration: null };
    return { names: [], integration: [...label.split('.').slice(2), ...texts(rest)] };
  }
}

function texts(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function matching(names: readonly string[], start: string): string[] {
  return [...new Set(names)].filter((name) => name.startsWith(start) && /^[A-Za-z_]\w*$/.test(name)).sort();
}
