import type { CallRecord } from '../call/index.ts';
import type { Resolved, ScriptOutcome } from '../lua/index.ts';
import type { Failure } from '../support/errors.ts';
import { luaKeywords } from '../support/lua-keywords.ts';

/** What a session needs of the runtime. */
export interface SessionParts {
  /** Runs one line in the session's state. */
  run(
    source: string,
    onOutput: (text: string) => void,
  ): Promise<ScriptOutcome & { calls: readonly CallRecord[] }>;
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
    const names = base === undefined ? [...luaKeywords, ...(await this.#keys('_G'))] : await this.#keys(base);
    return { names: matching(names, word), replaces: word };
  }

  /** The names of the arguments of what a path stands for; none when that is no function of an integration. */
  async #argumentNames(path: string): Promise<string[]> {
    const [name = '', ...above] = path.split('.').reverse();
    const base = above.reverse().join('.');
    const label = base === '' ? '' : await this.#label(base);
    if (!label.startsWith('app.integrations.')) return [];
    const found = this.#parts.resolve([...label.split('.').slice(2), name]);
    return 'kind' in found && found.kind === 'function' ? this.#parts.argumentNames(found) : [];
  }

  /** The names in a table. */
  async #keys(path: string): Promise<string[]> {
    const label = path === '_G' ? '' : await this.#label(path);
    if (label.startsWith('app.integrations')) {
      const found = this.#parts.resolve(label.split('.').slice(2));
      return 'names' in found ? [...found.names] : [];
    }
    const keys = await this.#silently(
      `local names = json.array{} for key in pairs(${path}) do if type(key) == "string" then names[#names + 1] = key end end return names`,
    );
    return Array.isArray(keys) ? keys.map(String) : [];
  }

  /** What a path stands for, as it is printed. */
  async #label(path: string): Promise<string> {
    const label = await this.#silently(`return tostring(${path})`);
    return typeof label === 'string' ? label : '';
  }

  async #silently(source: string): Promise<unknown> {
    const { result, error } = await this.#parts.run(source, () => undefined);
    return error === null ? result : null;
  }
}

function matching(names: readonly string[], start: string): string[] {
  return [...new Set(names)].filter((name) => name.startsWith(start) && /^[A-Za-z_]\w*$/.test(name)).sort();
}
