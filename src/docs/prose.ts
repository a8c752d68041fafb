/**
 * A document's description as it may stand in a page: links into its own site become plain words, because outside
 * that site they lead nowhere.
 */
export function prose(text: string): string {
  return text.replace(/\[([^\]]*)\]\(\/[^)]*\)/g, '$1').trim();
}

/** The same on one line, for a table's cell. */
export function cell(text: string): string {
  return prose(text)
    .replace(/\s*\n\s*/g, ' ')
    .replaceAll('|', '\\|');
}

/** The first sentence of a description. */
export function firstSentence(text: string): string {
  const line = prose(text).replace(/\s*\n\s*/g, ' ');
  // Not every full stop ends a sentence.
  const end = /(?<!\b(?:e\.g|i\.e|etc|vs))[.!?](?=\s+[A-Z`"'(]|$)/.exec(line);
  return end === null ? line : line.slice(0, end.index + 1);
}
