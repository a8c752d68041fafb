/** A pattern as a program writes it, taken apart. */
export interface WrittenPattern {
  /** Without delimiters. */
  readonly text: string;
  /** How many characters of delimiter stood before it. */
  readonly skipped: number;
  /** What is put before it for the flags that are said inside a pattern. */
  readonly prefix: string;
  /** The flags that the engine takes: `i`, `m`, `s`, `x`. */
  readonly flags: string;
}

const delimiters = '/#~@%!';
/** Flags that the engine takes beside a pattern. */
const besides = ['i', 'm', 's', 'x'];
/** Flags that are said inside a pattern. */
const inside: Readonly<Record<string, string>> = {
  // Letters and digits of every script; that the text is UTF-8 is always so.
  u: '(*UCP)',
  U: '(?U)',
  J: '(?J)',
  A: '\\G',
  // Studying a pattern was once asked for; it is always done.
  S: '',
};

/**
 * Takes a pattern apart. With delimiters it begins with one of `/#~@%!` and ends with the same and any flags;
 * whatever is not so is a pattern without delimiters and flags.
 */
export function readPattern(written: string): WrittenPattern {
  const delimiter = written[0] ?? '';
  const end = written.lastIndexOf(delimiter);
  const flags = written.slice(end + 1);
  const isDelimited =
    delimiter !== '' && delimiters.includes(delimiter) && end > 0 && /^[imsxuUJAS]*$/.test(flags);
  if (!isDelimited) return { text: written, skipped: 0, prefix: '', flags: '' };
  const prefixes = ['u', 'U', 'J', 'A'].filter((flag) => flags.includes(flag)).map((flag) => inside[flag]);
  return {
    text: written.slice(1, end),
    skipped: 1,
    prefix: prefixes.join(''),
    flags: besides.filter((flag) => flags.includes(flag)).join(''),
  };
}
