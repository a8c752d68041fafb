import { distance } from 'fastest-levenshtein';

/** How many names a suggestion lists at most. */
const most = 3;

/**
 * The names a mistyped one may have meant, nearest first: those within a third of its letters, then those that
 * contain it or are contained in it.
 */
export function nearestNames(wanted: string, names: Iterable<string>): string[] {
  const scored: { name: string; score: number }[] = [];
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  for (const name of new Set(names)) {
    const edits = Math.abs(name.length - wanted.length) > limit ? limit + 1 : distance(wanted, name);
    if (edits <= limit) scored.push({ name, score: edits });
    else if (wanted.length > 3 && (name.includes(wanted) || wanted.includes(name))) {
      scored.push({ name, score: limit + Math.abs(name.length - wanted.length) });
    }
  }
  scored.sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1));
  // Beside a slip of the keyboard, anything farther off is noise.
  const best = scored[0]?.score ?? 0;
  const farthest = best <= 2 ? 2 * best + 1 : Number.POSITIVE_INFINITY;
  return scored
    .filter(({ score }) => score <= farthest)
    .slice(0, most)
    .map(({ name }) => name);
}

/** ` Did you mean a, b or c?`, or nothing when there is nothing to suggest. */
export function didYouMean(suggestions: readonly string[]): string {
  const last = suggestions.at(-1);
  if (last === undefined) return '';
  const rest = suggestions.slice(0, -1).join(', ');
  return ` Did you mean ${rest === '' ? last : `${rest} or ${last}`}?`;
}
