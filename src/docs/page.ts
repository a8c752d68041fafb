/** A page of the documentation: parts in the order they are read in. */
export interface Page {
  /** As `read` takes it: `workos.list_users`. */
  readonly name: string;
  readonly parts: readonly Part[];
}

/** Something a page says, in several lengths. A reader who has little room is given a shorter one. */
export interface Part {
  /** The first is whole; each says less than the one before it. */
  readonly forms: readonly [Form, ...Form[]];
}

export interface Form {
  /** Markdown, without empty lines around it; empty for a part that is left out. */
  readonly text: string;
  /** What a reader misses beside the whole form: `the meaning of each field`. Null when it is nothing of note. */
  readonly lacks: string | null;
  /** How much is lost against the form before it, from 1 to 100: the least is given up first. */
  readonly loss: number;
}

/** A part that is always given whole. */
export function fixed(text: string): Part {
  return { forms: [{ text, lacks: null, loss: 0 }] };
}

/** A part in several lengths, the whole one first. */
export function flexible(text: string, ...shorter: readonly Form[]): Part {
  return { forms: [{ text, lacks: null, loss: 0 }, ...shorter] };
}

/** Parts' texts as one markdown document. */
export function joined(texts: readonly string[]): string {
  return `${texts.filter((text) => text !== '').join('\n\n')}\n`;
}

/** Everything a page says. */
export function wholeText({ parts }: Page): string {
  return joined(parts.map(({ forms: [whole] }) => whole.text));
}
