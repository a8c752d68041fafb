/**
 * About how many tokens a language model reads a text as. It cuts the text as OpenAI’s o200k does before it looks words
 * up, and guesses what the looking up gives: by measurement over all pages a tenth too many at most, and never more
 * than a few per cent too few. It costs a thousandth of counting, and needs no table of words.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (const [whole, lead, word, capitals, digits, marks] of text.matchAll(pieces)) {
    // A word takes the space before it along; another mark mostly stays by itself, or goes with letters it knows.
    const before = lead === undefined || lead === ' ' ? 0 : 0.2;
    if (word !== undefined) tokens += before + Math.max(1, 1 + (word.length - 11) / 4);
    // Of ids and shouted names, most pieces have one or two letters.
    else if (capitals !== undefined) tokens += before + Math.max(1, capitals.length / 1.5);
    else if (marks !== undefined) tokens += Math.max(1, marks.trim().length / 2);
    else if (digits !== undefined || whole !== '') tokens += 1;
  }
  return Math.ceil(tokens * margin);
}

const pieces =
  /([^\r\n\p{L}\p{N}])?(?:(\p{Lu}?\p{Ll}+)|(\p{L}+))|(\p{N}{1,3})|( ?[^\s\p{L}\p{N}]+[\r\n/]*)|\s+/gu;

const margin = 1.05;
