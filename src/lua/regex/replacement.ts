/** A part of a replacement: text, or the number of a group. */
export type ReplacementPart = string | number;

/** Reads a replacement: `$1`, `${1}` and `\1` stand for groups, `$0` and `\0` for the match, `\\` for a backslash. */
export function readReplacement(text: string): ReplacementPart[] {
  const parts: ReplacementPart[] = [];
  let at = 0;
  for (const match of text.matchAll(/\\(\\|\d{1,2})|\$(\d{1,2})|\$\{(\d{1,2})\}/g)) {
    if (match.index > at) parts.push(text.slice(at, match.index));
    const group = match[1] ?? match[2] ?? match[3] ?? '';
    parts.push(group === '\\' ? '\\' : Number(group));
    at = match.index + match[0].length;
  }
  if (at < text.length) parts.push(text.slice(at));
  return parts;
}
