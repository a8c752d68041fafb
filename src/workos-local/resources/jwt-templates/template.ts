/** A template as it was read: JSON in which an expression may stand for a value or within a string. */
export type TemplateNode =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'text'; readonly parts: readonly (string | Expression)[] }
  | { readonly kind: 'array'; readonly items: readonly TemplateNode[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, TemplateNode])[] };

/** What the first of these that is not null gives: `{{ user.name || user.email || 'somebody' }}`. */
export type Expression = readonly Segment[];

export type Segment =
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | { readonly kind: 'literal'; readonly text: string };

/** Why a text is no template, in words for whoever wrote it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** How many levels a template may have: what walks it recurses. */
const deepest = 32;

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;
const space = /[ \t\r\n]*/y;
const segment = /^(?:'([^']*)'|"([^"]*)"|([A-Za-z_][\w-]*(?:\.[\w-]+)*))$/;

/**
 * Reads a template.
 *
 * @throws TemplateError
 */
export function parseTemplate(text: string): TemplateNode {
  const reader = new TemplateReader(text);
  const node = reader.value(0);
  reader.end();
  return node;
}

class TemplateReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): TemplateNode {
    if (depth > deepest) throw new TemplateError(`A template has up to ${deepest} levels.`);
    this.#skip(space);
    const next = this.#text.charAt(this.#at);
    if (this.#text.startsWith('{{', this.#at)) return { kind: 'expression', expression: this.#expression() };
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#array(depth);
    if (next === '"') return this.#string();
    const literal = this.#skip(number) || this.#skip(word);
    if (literal === '') throw this.#unexpected();
    return { kind: 'value', value: JSON.parse(literal) as number | boolean | null };
  }

  end(): void {
    this.#skip(space);
    if (this.#at < this.#text.length) throw this.#unexpected();
  }

  #object(depth: number): TemplateNode {
    const members: [string, TemplateNode][] = [];
    this.#list('{', '}', () => {
      const name = this.#string();
      if (name.kind !== 'value' || typeof name.value !== 'string') {
        throw new TemplateError('A key cannot contain an expression.');
      }
      this.#skip(space);
      this.#take(':');
      members.push([name.value, this.value(depth + 1)]);
    });
    return { kind: 'object', members };
  }

  #array(depth: number): TemplateNode {
    const items: TemplateNode[] = [];
    this.#list('[', ']', () => {
      items.push(this.value(depth + 1));
    });
    return { kind: 'array', items };
  }

  #list(open: string, close: string, item: () => void): void {
    this.#take(open);
    this.#skip(space);
    if (this.#text.charAt(this.#at) !== close) {
      do {
        this.#skip(space);
        item();
        this.#skip(space);
      } while (this.#skipped(','));
    }
    this.#take(close);
  }

  /** A string, whose expressions may hold quotes of their own. */
  #string(): TemplateNode {
    if (this.#text.charAt(this.#at) !== '"') throw this.#unexpected();
    const parts: (string | Expression)[] = [];
    let from = this.#at + 1;
    let end = from;
    const finish = () => {
      if (end > from) parts.push(this.#unescaped(from, end));
    };
    for (;;) {
      const character = this.#text.charAt(end);
      if (character === '') throw new TemplateError('Template parse error: a string is not closed.');
      if (character === '"') break;
      if (this.#text.startsWith('{{', end)) {
        finish();
        this.#at = end;
        parts.push(this.#expression());
        from = this.#at;
        end = from;
      } else end += character === '\\' ? 2 : 1;
    }
    finish();
    this.#at = end + 1;
    const [only = ''] = parts;
    if (parts.length < 2 && typeof only === 'string') return { kind: 'value', value: only };
    return { kind: 'text', parts };
  }

  #unescaped(from: number, end: number): string {
    try {
      return JSON.parse(`"${this.#text.slice(from, end)}"`) as string;
    } catch {
      throw new TemplateError(`Template parse error: a string has a character it may not have, at ${from}.`);
    }
  }

  #expression(): Expression {
    const end = this.#text.indexOf('}}', this.#at);
    if (end < 0) throw new TemplateError("Template parse error: missing '}}'");
    const source = this.#text.slice(this.#at + 2, end);
    this.#at = end + 2;
    if (source.trim() === '') throw new TemplateError('Expression cannot be empty');
    return source.split('||').map((part) => {
      const [, single, double, path] = segment.exec(part.trim()) ?? [];
      const literal = single ?? double;
      if (literal !== undefined) return { kind: 'literal', text: literal };
      if (path === undefined) throw new TemplateError(`Invalid expression segment: "${part.trim()}"`);
      return { kind: 'path', path: path.split('.') };
    });
  }

  #skip(what: RegExp): string {
    what.lastIndex = this.#at;
    const found = what.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #skipped(character: string): boolean {
    if (this.#text.charAt(this.#at) !== character) return false;
    this.#at += 1;
    return true;
  }

  #take(character: string): void {
    if (!this.#skipped(character)) throw this.#unexpected();
  }

  #unexpected(): TemplateError {
    const character = this.#text.charAt(this.#at);
    const what = character === '' ? 'the end of the template' : `'${character}' at ${this.#at}`;
    return new TemplateError(`Template parse error: unexpected ${what}`);
  }
}
